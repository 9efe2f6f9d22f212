use super::disposition;

#[test]
fn cyrillic_names_travel_whole() {
    assert_eq!(
        disposition(false, "Справка №5.pdf"),
        "attachment; filename=\"_______ _5.pdf\"; \
         filename*=UTF-8''%D0%A1%D0%BF%D1%80%D0%B0%D0%B2%D0%BA%D0%B0%20%E2%84%965.pdf"
    );
}

#[test]
fn quotes_cannot_break_out_of_the_header() {
    assert_eq!(
        disposition(true, "a\"; filename=\"evil.html"),
        "inline; filename=\"a__ filename__evil.html\"; filename*=UTF-8''a%22%3B%20filename%3D%22evil.html"
    );
}
