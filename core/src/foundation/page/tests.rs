use super::*;

#[test]
fn a_cursor_comes_back_from_its_text() {
    for cursor in [Cursor::after(42), Cursor::before("Яя|7")] {
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }
    assert_eq!("nonsense!".parse::<Cursor>(), Err(NotACursor));
}

#[test]
fn the_first_page_leads_only_onwards() {
    let page = Page::of(vec![1, 2, 3], 2, None, |row| *row);
    assert_eq!(page, Page { items: vec![1, 2], before: None, after: Some(Cursor::after(2)) });
}

#[test]
fn the_last_page_leads_only_back() {
    let page = Page::of(vec![3], 2, Some(&Cursor::after(2)), |row| *row);
    assert_eq!(page, Page { items: vec![3], before: Some(Cursor::before(3)), after: None });
}

#[test]
fn a_page_reached_backwards_stands_in_the_order_of_the_list() {
    let page = Page::of(vec![4, 3, 2], 2, Some(&Cursor::before(5)), |row| *row);
    assert_eq!(page, Page { items: vec![3, 4], before: Some(Cursor::before(3)), after: Some(Cursor::after(4)) });
}
