//! The list of all routes, with who may come. It is data: tests walk it, so a new route cannot be forgotten by them.

use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    http::Method,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing,
};

use opora_core::foundation::config::Sections;

use crate::{Panel, errors::PanelError, paths, visit::Visit};

/// Every room of the panel.
pub fn all() -> Vec<Routes> {
    vec![
        crate::assets::routes(),
        crate::sign_in::routes(),
        crate::account::routes(),
        crate::guide::routes(),
        crate::patronage::today::routes(),
        crate::patronage::summary::routes(),
        crate::patronage::citizens::routes(),
        crate::patronage::curators::routes(),
        crate::patronage::activity::routes(),
        crate::patronage::exports::routes(),
        crate::patronage::reminders::routes(),
        crate::patronage::files::routes(),
        crate::patronage::history::routes(),
        crate::patronage::meetings::routes(),
        crate::patronage::deviations::routes(),
        crate::patronage::privacy::routes(),
        crate::patronage::districts::routes(),
        crate::patronage::file_types::routes(),
        crate::patronage::groups::routes(),
        crate::patronage::import::routes(),
        crate::patronage::journal::routes(),
        crate::delivery::routes(),
        crate::settings::routes(),
        crate::web_chat::routes(),
    ]
}

/// Every route of the panel.
pub fn list() -> Vec<Route> {
    all().into_iter().flat_map(|room| room.list).collect()
}

/// Who may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, signed in or not.
    Everyone,
    /// Who is signed in, even if a one-time password must still be changed (PT-024) or a second factor is still lacking.
    SignedIn,
    /// Administrator and curators.
    Staff,
    /// The administrator.
    Administrator,
}

impl Access {
    fn check(self, visit: &Visit) -> Result<(), PanelError> {
        if self == Self::Everyone {
            return Ok(());
        }
        let Some(session) = &visit.session else { return Err(PanelError::SignIn) };
        if self == Self::SignedIn {
            return Ok(());
        }
        if session.must_change_password {
            return Err(PanelError::See(paths::OWN_PASSWORD));
        }
        if session.must_enrol {
            return Err(PanelError::See(paths::SECOND_FACTOR));
        }
        if self == Self::Administrator && !visit.is_administrator() {
            return Err(PanelError::Forbidden);
        }
        Ok(())
    }
}

/// One route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `GET` or `POST`: forms know no more.
    pub method: Method,
    /// The pattern of the path, as axum writes it.
    pub path: &'static str,
    /// Who may come.
    pub access: Access,
}

/// Whether the installation has the section that routes belong to.
pub type Section = fn(Sections) -> bool;

/// The routes of one room.
pub struct Routes {
    access: Access,
    section: Section,
    open: Router<Panel>,
    guarded: Router<Panel>,
    list: Vec<Route>,
}

impl Routes {
    fn for_access(access: Access) -> Self {
        Self { access, section: |_| true, open: Router::new(), guarded: Router::new(), list: Vec::new() }
    }

    /// Routes open to anybody.
    pub fn for_everyone() -> Self {
        Self::for_access(Access::Everyone)
    }

    /// Routes open to who is signed in, even before a one-time password was changed or a demanded second factor was set up.
    pub fn for_signed_in() -> Self {
        Self::for_access(Access::SignedIn)
    }

    /// Routes of administrator and curators.
    pub fn for_staff() -> Self {
        Self::for_access(Access::Staff)
    }

    /// Routes of the administrator.
    pub fn for_administrator() -> Self {
        Self::for_access(Access::Administrator)
    }

    /// All these routes belong to a section; where the installation has switched it off, they are not found (PT-010).
    #[must_use]
    pub fn in_section(self, section: Section) -> Self {
        Self { section, ..self }
    }

    /// Adds a page.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Panel>,
        T: 'static,
    {
        self.add(Method::GET, path, routing::get(handler))
    }

    /// Adds an act.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Panel>,
        T: 'static,
    {
        self.add(Method::POST, path, routing::post(handler))
    }

    /// Adds a route with layers of its own, such as a larger body limit.
    #[must_use]
    pub fn add(mut self, method: Method, path: &'static str, route: routing::MethodRouter<Panel>) -> Self {
        self.list.push(Route { method, path, access: self.access });
        self.open = self.open.route(path, route);
        self
    }

    /// Joins routes that other people may use.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let (access, section) = (self.access, self.section);
        let list = [self.list.clone(), other.list.clone()].concat();
        let guarded = self.into_router().merge(other.into_router());
        Self { access, section, open: Router::new(), guarded, list }
    }

    /// The routes behind their guard.
    pub(crate) fn into_router(self) -> Router<Panel> {
        if !self.open.has_routes() {
            return self.guarded;
        }
        self.guarded.merge(self.open.route_layer(middleware::from_fn_with_state((self.access, self.section), guard)))
    }
}

async fn guard(
    State((access, section)): State<(Access, Section)>,
    visit: Visit,
    request: Request,
    next: Next,
) -> Response {
    let is_on = section(visit.panel.app.config.sections);
    match access.check(&visit) {
        Ok(()) if is_on => next.run(request).await,
        Ok(()) => PanelError::NotFound.into_response(),
        Err(error) => error.into_response(),
    }
}
