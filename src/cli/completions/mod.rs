//! `chordsim completions`: what a shell needs to complete what is typed.
//!
//! Commands and options follow from the table of arguments (`clap_complete`); names of keys, their values and templates
//! from the tables of the program, in a few lines of each shell's own behind it.

mod bash;
mod fish;
mod words;
mod zsh;

use clap::CommandFactory as _;
use clap::builder::PossibleValuesParser;
use clap_complete::{generate, shells};

use super::args::{Cli, CompletionsArgs, Shell};
use super::exit::Exit;
use super::output;

pub(super) fn run(args: &CompletionsArgs) -> Exit {
    output::data(&script(args.shell));
    Exit::Done
}

fn script(shell: Shell) -> String {
    match shell {
        Shell::Bash => bash::script(&generated(shells::Bash)),
        Shell::Zsh => zsh::script(&generated(shells::Zsh)),
        Shell::Fish => fish::script(&generated(shells::Fish)),
    }
}

/// What follows from the table of arguments, to which names of the program's own are added: whoever types one that there
/// is none of is told what is meant by the command itself, not by the parser of arguments.
fn generated(shell: impl clap_complete::Generator) -> String {
    let mut command = Cli::command();
    for (name, argument, values) in words::names() {
        command = command.mut_subcommand(name, |command| {
            command.mut_arg(argument, |argument| {
                argument.value_parser(PossibleValuesParser::new(values))
            })
        });
    }
    let mut bytes = Vec::new();
    generate(shell, &mut command, "chordsim", &mut bytes);
    String::from_utf8(bytes).expect("a script is text")
}
