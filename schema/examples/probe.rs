//! probe
fn main() {
    let dir = std::env::args().nth(1).unwrap_or("schema".into());
    match unified_event_schema::Schema::from_dir(std::path::Path::new(&dir)) {
        Ok(s) => {
            println!("{:?}", s.counts);
            for t in &s.tables {
                let p = s.pipeline(&t.name).unwrap();
                for c in &t.columns {
                    let o = unified_event_schema::sql::output_expression(t, p, c).unwrap();
                    if o.sql != unified_event_schema::sql::quote(&c.name) {
                        println!("{}.{}: {} {}", t.name, c.name, o.sql, o.declared_nullable);
                    }
                }
                println!("{:?}", unified_event_schema::sql::filter_expression(t, p));
            }
        }
        Err(e) => print!("{}", e.render(false)),
    }
}
