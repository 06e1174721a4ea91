//! What differs between two lists of named things.

use super::{Member, Method, Model};

/// Something that keeps its identity by its name.
pub trait Named {
    /// The name.
    fn name(&self) -> &str;
}

/// What differs between two lists.
#[derive(Debug)]
pub struct Changes<'a, T> {
    /// Only in the later list, in its order.
    pub new: Vec<&'a T>,
    /// Only in the earlier list, in its order.
    pub gone: Vec<&'a T>,
    /// In both but different: the earlier and the later.
    pub changed: Vec<(&'a T, &'a T)>,
}

impl<T> Changes<'_, T> {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty() && self.changed.is_empty()
    }
}

/// Compares by name; order does not count.
pub fn compare<'a, T: Named + PartialEq>(
    before: impl IntoIterator<Item = &'a T>,
    after: impl IntoIterator<Item = &'a T>,
) -> Changes<'a, T> {
    let mut gone: Vec<&T> = before.into_iter().collect();
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for later in after {
        match gone.iter().position(|earlier| earlier.name() == later.name()) {
            None => new.push(later),
            Some(at) => {
                let earlier = gone.remove(at);
                if earlier != later {
                    changed.push((earlier, later));
                }
            }
        }
    }
    Changes { new, gone, changed }
}

impl Named for Method {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Named for Model {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Named for Member {
    fn name(&self) -> &str {
        &self.name
    }
}
