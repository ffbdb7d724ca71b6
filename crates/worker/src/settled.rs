//! What an isolate keeps from one request to the next: the checked configuration and what authentication remembers.
//!
//! Owns the rule that both belong to the very settings that they came from. Never reads a setting.

use guildhall::app::authentication::Memory;
use guildhall::app::config::{Config, ConfigError, Settings};
use std::cell::RefCell;
use std::rc::Rc;

/// A configuration with the memory that belongs to it.
#[derive(Clone)]
pub struct Settled {
    /// What the operator chose.
    pub config: Rc<Config>,
    /// Keys of issuers and verified tokens.
    pub memory: Rc<RefCell<Memory>>,
}

thread_local! {
    static LATEST: RefCell<Option<(Settings, Settled)>> = const { RefCell::new(None) };
}

/// The configuration of these settings: the one of the last request where they are the same.
///
/// # Errors
/// [`ConfigError`] for the first setting that is missing or wrong.
pub fn settled(settings: Settings) -> Result<Settled, ConfigError> {
    let known = LATEST.with_borrow(|latest| {
        let same = latest.as_ref().filter(|(known, _)| *known == settings);
        same.map(|(_, settled)| settled.clone())
    });
    if let Some(known) = known {
        return Ok(known);
    }
    let config = Config::read(&settings)?;
    let memory = Rc::new(RefCell::new(Memory::new(&config.auth)));
    let made = Settled { config: Rc::new(config), memory };
    LATEST.set(Some((settings, made.clone())));
    Ok(made)
}
