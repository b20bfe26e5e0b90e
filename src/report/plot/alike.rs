//! What is the same several times is drawn once, under all its names.

use super::style::{SMALL, WIDTH, text_width};

/// Positions of what is alike, by the first of each kind.
pub(super) fn groups<T>(all: &[T], alike: impl Fn(&T, &T) -> bool) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, one) in all.iter().enumerate() {
        match groups.iter_mut().find(|group| alike(&all[group[0]], one)) {
            Some(group) => group.push(at),
            None => groups.push(vec![at]),
        }
    }
    groups
}

/// One name for all that is alike.
pub(super) fn label(names: &[&str]) -> String {
    let all = names.join(" = ");
    if names.len() > 1 && text_width(&all, SMALL) > WIDTH * 0.8 {
        let others = match names.len() {
            2 => "one other".to_owned(),
            all => format!("{} others", all - 1),
        };
        return format!("{} = {others}", names[0]);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_each_kind_leads() {
        assert_eq!(
            groups(&[1, 2, 1, 3, 2], |a, b| a == b),
            [vec![0, 2], vec![1, 4], vec![3]]
        );
        assert_eq!(label(&["a", "b"]), "a = b");
        let long = ["a very long name of a combination"; 4];
        assert_eq!(label(&long), format!("{} = 3 others", long[0]));
    }
}
