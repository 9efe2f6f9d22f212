//! «Руководство» (PT-014): short texts for the administrator, the curator, and what the citizen needs.

use askama::Template;
use axum::response::Response;

use crate::{
    errors::PanelError,
    extract::Staff,
    page::{Shell, render},
    paths,
    routes::Routes,
};

/// Whom a part addresses, and its chapters.
struct Part {
    key: &'static str,
    chapters: &'static [Chapter],
}

/// A heading and its numbered sentences.
struct Chapter {
    key: &'static str,
    sentences: &'static [&'static str],
}

const PARTS: [Part; 3] = [
    Part {
        key: "guide-administrator",
        chapters: &[
            Chapter {
                key: "guide-administrator-start",
                sentences: &["guide-administrator-start-1", "guide-administrator-start-2"],
            },
            Chapter {
                key: "guide-administrator-curators",
                sentences: &[
                    "guide-administrator-curators-1",
                    "guide-administrator-curators-2",
                    "guide-administrator-curators-3",
                ],
            },
            Chapter {
                key: "guide-administrator-mail",
                sentences: &["guide-administrator-mail-1", "guide-administrator-mail-2", "guide-administrator-mail-3"],
            },
        ],
    },
    Part {
        key: "guide-curator",
        chapters: &[
            Chapter {
                key: "guide-curator-citizen",
                sentences: &["guide-curator-citizen-1", "guide-curator-citizen-2", "guide-curator-citizen-3"],
            },
            Chapter {
                key: "guide-curator-programme",
                sentences: &["guide-curator-programme-1", "guide-curator-programme-2", "guide-curator-programme-3"],
            },
            Chapter {
                key: "guide-curator-contact",
                sentences: &["guide-curator-contact-1", "guide-curator-contact-2"],
            },
        ],
    },
    Part {
        key: "guide-citizen",
        chapters: &[
            Chapter { key: "guide-citizen-start", sentences: &["guide-citizen-start-1", "guide-citizen-start-2"] },
            Chapter { key: "guide-citizen-answer", sentences: &["guide-citizen-answer-1"] },
            Chapter {
                key: "guide-citizen-menu",
                sentences: &["guide-citizen-menu-1", "guide-citizen-menu-2", "guide-citizen-menu-3"],
            },
        ],
    },
];

/// The guide's route.
pub fn routes() -> Routes {
    Routes::for_staff().get(paths::GUIDE, guide)
}

#[derive(Template)]
#[template(path = "guide/guide.html")]
struct Guide {
    shell: Shell,
    parts: &'static [Part],
}

async fn guide(staff: Staff) -> Result<Response, PanelError> {
    render(&Guide { shell: staff.shell(staff.lang().t("label-menu-guide")).await?, parts: &PARTS })
}
