//! QR codes, drawn on the server: phones read an address from a screen or from paper.

use qrcode::{EcLevel, QrCode, render::svg};

/// Smallest width of the drawn code, pixels: a phone reads it from a screen at arm's length.
const PIXELS: u32 = 148;

/// The QR code of a text as SVG without its XML head; empty when the text is too long for one.
pub fn picture(text: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return String::new() };
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(PIXELS, PIXELS).build();
    drawn.find("<svg").and_then(|at| drawn.get(at..)).unwrap_or_default().to_owned()
}
