//! Lists by pages: the place in a list is the key of a row ([`Cursor`]), never a number of rows to skip, so the thousandth
//! page costs what the first does and a row added meanwhile shifts nothing.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// Rows on one page of a list.
pub const PAGE_ROWS: usize = 50;

/// One page of a list, in the list's own order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Leads to the page before, if there is one.
    pub before: Option<Cursor>,
    /// Leads to the page after, if there is one.
    pub after: Option<Cursor>,
}

/// To which side of its key a cursor leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Rows that stand before the key; the statement walks backwards.
    Before,
    /// Rows that stand after the key.
    After,
}

/// A place in a list: a direction and the key of the row beside it. Its text is opaque and fit for an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    direction: Direction,
    key: String,
}

impl Cursor {
    /// The rows after the one with this key.
    pub fn after(key: impl ToString) -> Self {
        Self { direction: Direction::After, key: key.to_string() }
    }

    /// The rows before the one with this key.
    pub fn before(key: impl ToString) -> Self {
        Self { direction: Direction::Before, key: key.to_string() }
    }

    /// To which side it leads.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The key, if it reads as a `K`; a cursor of another list does not.
    pub fn key<K: FromStr>(&self) -> Option<K> {
        self.key.parse().ok()
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.direction {
            Direction::Before => 'b',
            Direction::After => 'a',
        };
        write!(f, "{side}{}", URL_SAFE_NO_PAD.encode(&self.key))
    }
}

/// Text that is not a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a list")]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (direction, key) = match (text.strip_prefix('b'), text.strip_prefix('a')) {
            (Some(key), _) => (Direction::Before, key),
            (_, Some(key)) => (Direction::After, key),
            _ => return Err(NotACursor),
        };
        let bytes = URL_SAFE_NO_PAD.decode(key).map_err(|_| NotACursor)?;
        Ok(Self { direction, key: String::from_utf8(bytes).map_err(|_| NotACursor)? })
    }
}

impl<T> Page<T> {
    /// Makes the page of what a statement found that asked for one row more than `size`, walking in the cursor's direction
    /// (so backwards for [`Direction::Before`]).
    pub fn of<K: ToString>(mut found: Vec<T>, size: usize, cursor: Option<&Cursor>, key: impl Fn(&T) -> K) -> Self {
        let has_more = found.len() > size;
        found.truncate(size);
        let backwards = cursor.is_some_and(|cursor| cursor.direction == Direction::Before);
        if backwards {
            found.reverse();
        }
        let has_before = if backwards { has_more } else { cursor.is_some() };
        let has_after = backwards || has_more;
        let before = found.first().filter(|_| has_before).map(|row| Cursor::before(key(row)));
        let after = found.last().filter(|_| has_after).map(|row| Cursor::after(key(row)));
        Self { items: found, before, after }
    }

    /// The same page with other rows.
    pub fn map<U>(self, row: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(row).collect(), before: self.before, after: self.after }
    }
}

/// One entry of a drop-down list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<T> {
    /// What it stands for.
    pub id: T,
    /// What it says.
    pub label: String,
}

#[cfg(test)]
mod tests;
