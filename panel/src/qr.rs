//! QR codes.

use qrcode::{EcLevel, QrCode, render::svg};

/// Smallest width of a drawn code, pixels: a phone reads it from a screen at arm's length.
const PIXELS: u32 = 148;

/// The QR code of an address as SVG without its XML head; empty when the address is too long for one.
pub fn picture(address: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(address, EcLevel::M) else { return String::new() };
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(PIXELS, PIXELS).build();
    drawn.find("<svg").and_then(|at| drawn.get(at..)).unwrap_or_default().to_owned()
}
