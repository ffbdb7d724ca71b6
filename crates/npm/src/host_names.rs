//! Names of hosts, mapped by the runtime's own `URL`.
//!
//! Owns nothing but the call: what may be mapped, and what of an answer holds, is `guildhall::domain::host_name`'s.

use guildhall::domain::host_name;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = URL)]
    type Url;

    #[wasm_bindgen(constructor, catch, js_class = "URL")]
    fn new(address: &str) -> Result<Url, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn hostname(this: &Url) -> String;
}

/// Installs the mapping. Every function that reads names calls it first; from the second time on it does nothing.
pub fn install() {
    host_name::install(|name| Url::new(&format!("http://{name}/")).ok().map(|url| url.hostname()));
}
