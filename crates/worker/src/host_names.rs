//! Names of hosts, mapped by the runtime's own `URL`.
//!
//! Owns nothing but the call: what may be mapped, and what of an answer holds, is `guildhall::domain::host_name`'s.

use guildhall::domain::host_name;
use worker::js_sys::{Array, Function, Reflect, global};
use worker::wasm_bindgen::JsCast;

/// Installs the mapping, before anything is read.
pub fn install() {
    host_name::install(mapped);
}

fn mapped(name: &str) -> Option<String> {
    let constructor: Function = Reflect::get(&global(), &"URL".into()).ok()?.dyn_into().ok()?;
    let url = Reflect::construct(&constructor, &Array::of1(&format!("http://{name}/").into())).ok()?;
    Reflect::get(&url, &"hostname".into()).ok()?.as_string()
}
