//! `chordsim man`: the pages of the manual, from the table of arguments and the tables of keys.

mod scenario;

use std::io;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use super::args::{Cli, ManArgs};
use super::exit::{Exit, Stop};
use super::output;
use super::save::save_all;

/// What the manual is called in the foot of a page, and where it stands.
const MANUAL: &str = "chordsim";

pub(super) fn run(args: &ManArgs) -> Result<Exit, Stop> {
    let Some(folder) = &args.out else {
        let whole = Cli::command();
        let page = page(whole.clone(), &whole).expect("memory takes what is written");
        output::data(&String::from_utf8_lossy(&page));
        return Ok(Exit::Done);
    };
    let files = pages().expect("memory takes what is written");
    save_all(folder, &files)?;
    for (name, _) in &files {
        output::message(&folder.join(name).display().to_string());
    }
    Ok(Exit::Done)
}

/// Every page, by its name: one of the program, one of each command, one of scenario files.
fn pages() -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut whole = Cli::command();
    whole.build();
    let mut pages = vec![("chordsim.1".to_owned(), page(whole.clone(), &whole)?)];
    for command in whole.get_subcommands().filter(|it| it.get_name() != "help") {
        let name = format!("chordsim-{}.1", command.get_name());
        pages.push((name, page(command.clone(), &whole)?));
    }
    pages.push(("chordsim-scenario.5".to_owned(), scenario::page()));
    Ok(pages)
}

fn page(command: Command, whole: &Command) -> io::Result<Vec<u8>> {
    let version = whole.get_version().unwrap_or_default().to_owned();
    let man = Man::new(command)
        .manual(MANUAL)
        .source(format!("chordsim {version}"))
        .date("");
    let mut page = Vec::new();
    man.render(&mut page)?;
    Ok(ascii(&String::from_utf8_lossy(&page)))
}

/// Signs beyond ASCII by their numbers, which roff understands whatever the language.
fn ascii(roff: &str) -> Vec<u8> {
    let mut page = Vec::with_capacity(roff.len());
    for sign in roff.chars() {
        match sign {
            '\0'..='\u{7f}' => page.push(sign as u8),
            _ => page.extend(format!("\\[u{:04X}]", u32::from(sign)).bytes()),
        }
    }
    page
}
