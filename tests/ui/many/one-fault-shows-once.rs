use unified_event::{UnifiedEvent, UnifiedEventRow};

#[derive(UnifiedEvent)]
#[event(type = "page", name = "page.viewed", ns = "https://shop.example")]
struct PageViewed<'a, T> {
    id: &'a str,
    http_url: T,
    http_statsu: i32,
}

fn main() -> Result<(), unified_event::Fault> {
    let page = PageViewed { id: "1", http_url: "https://shop.example/", http_statsu: 200 };
    println!("{}", page.to_json()?);
    println!("{:?}", UnifiedEventRow::try_from(&page)?);
    Ok(())
}
