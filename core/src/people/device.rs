//! What a browser says of itself, in words a person knows: «Chrome, Windows».

const BROWSERS: [(&str, &str); 7] = [
    ("YaBrowser", "Yandex Browser"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
];
const SYSTEMS: [(&str, &str); 6] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
];

/// The names of browser and system, as far as they are known.
pub fn name(agent: &str) -> Option<String> {
    let find =
        |list: &[(&str, &'static str)]| list.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => Some(format!("{browser}, {system}")),
        (Some(known), None) | (None, Some(known)) => Some(known.to_owned()),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn browsers_that_claim_to_be_chrome_are_told_apart() {
        let base =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128 Safari/537";
        assert_eq!(name(base).as_deref(), Some("Chrome, Windows"));
        assert_eq!(name(&format!("{base} YaBrowser/24")).as_deref(), Some("Yandex Browser, Windows"));
        assert_eq!(
            name("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko Firefox/130.0").as_deref(),
            Some("Firefox, Linux")
        );
        assert_eq!(name(""), None);
    }
}
