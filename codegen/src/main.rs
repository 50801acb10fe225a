//! The binary `unified-event`.

fn main() -> std::process::ExitCode {
    unified_event_codegen::cli::main()
}
