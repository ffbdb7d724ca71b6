//! Pages: the files of the console and the reference, from the assets of the Worker.
//!
//! Owns the call. Never answers for what is no file: the API says that there is nothing.

use crate::exchange;
use guildhall::wire;
use http::Method as HttpMethod;
use worker::{Fetcher, Method, RequestInit, RequestRedirect, Response, console_warn};

const MISSING: u16 = 404;

/// The file at a path, if there is one.
pub async fn page(assets: &Fetcher, request: &wire::Request) -> Option<Response> {
    let method = match *request.method() {
        HttpMethod::GET => Method::Get,
        HttpMethod::HEAD => Method::Head,
        _ => return None,
    };
    let mut init = RequestInit::new();
    init.with_method(method).with_headers(exchange::sendable(request.headers())).with_redirect(RequestRedirect::Manual);
    match assets.fetch(request.uri().to_string(), Some(init)).await {
        Ok(response) => Some(response).filter(|response| response.status_code() != MISSING),
        Err(error) => {
            console_warn!("the assets were not reached: {error}");
            None
        }
    }
}
