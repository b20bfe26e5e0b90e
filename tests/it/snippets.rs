//! The snippets of the documentation in Python, R and SQL do what they say, on results that the program wrote.
//!
//! What they need beside the program, `tests/tools.sh` installs.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::common::program::{Table, chordsim};

/// Behind each snippet of docs/results.md: its percentiles as a table, and how many lookups found their node.
const TAIL: [(&str, &str); 3] = [
    (
        "python",
        "p95.to_csv('p95.csv')\nprint(len(answered), file=open('answered.txt', 'w'))\n",
    ),
    (
        "r",
        "write.csv(p95, 'p95.csv', row.names = FALSE)\nwriteLines(paste(nrow(answered)), 'answered.txt')\n",
    ),
    ("sql", ""),
];

/// Runs the statements of a file in `DuckDB` and leaves what they select where the other tails do.
const DUCKDB: &str = r"
import csv, duckdb
database = duckdb.connect()
for statement in open('snippet.sql').read().split(';'):
    if not statement.strip():
        continue
    found = database.execute(statement)
    columns, rows = [column[0] for column in found.description or []], found.fetchall()
    if columns[1:] == ['hops', 'latency_ms']:
        csv.writer(open('p95.csv', 'w')).writerows([columns, *rows])
    if 'answered' in columns:
        print(sum(row[columns.index('answered')] for row in rows), file=open('answered.txt', 'w'))
";

/// The Python that has the packages: that of `tests/tools.sh`, or the one that is there anyway.
pub(crate) fn python() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tools/bin/python");
    let complete = |python: &PathBuf| {
        let mut command = Command::new(python);
        succeeds(command.args(["-c", "import duckdb, numpy, pandas"]))
    };
    [own, "python3".into()].into_iter().find(complete)
}

fn rscript() -> Option<PathBuf> {
    succeeds(Command::new("Rscript").arg("--version")).then(|| "Rscript".into())
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// A program that a snippet needs; `None`, said aloud, where it is not there. Under continuous integration it must be.
pub(crate) fn needed(found: Option<PathBuf>, what: &str) -> Option<PathBuf> {
    if found.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "{what} is missing: tests/tools.sh installs it"
        );
        eprintln!("{what} is missing: its snippets were not tested; tests/tools.sh installs it");
    }
    found
}

/// The snippets of a page in one language.
fn snippets(page: &str, language: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
    let begin = format!("```{language}\n");
    let quotes = text.split(&begin).skip(1);
    let quotes = quotes.map(|rest| rest.split("```").next().unwrap().to_owned());
    quotes.collect()
}

/// A folder with `results/churn`: the scenario that the snippets speak of, with a tenth of its nodes.
fn results() -> TempDir {
    let folder = TempDir::new().unwrap();
    let churn = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/churn.toml");
    chordsim(folder.path())
        .args([OsStr::new("run"), churn.as_os_str()])
        .args(["--set", "overlay.nodes=100", "--set", "duration=5m"])
        .args(["--repeat", "2", "--no-plots", "--quiet"])
        .assert()
        .success();
    folder
}

/// Runs a snippet, which must neither fail nor complain.
fn run(program: &Path, file: &str, code: &str, folder: &Path) {
    fs::write(folder.join(file), code).unwrap();
    let output = Command::new(program)
        .arg(file)
        .current_dir(folder)
        .output()
        .unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && complaints.is_empty(),
        "{code}\n{complaints}"
    );
}

/// Runs all snippets of a language; those of docs/results.md are held against what the program itself counts.
fn test(language: &str, run: &dyn Fn(&str, &Path)) {
    let folder = results();
    let (_, tail) = TAIL.iter().find(|(of, _)| *of == language).unwrap();
    let page = snippets("docs/results.md", language);
    assert_eq!(page.len(), 1, "{language} in docs/results.md");
    run(&format!("{}{tail}", page[0]), folder.path());
    assert_percentiles(folder.path());
    assert_joins(folder.path());
    let readme = snippets("README.md", language);
    assert_eq!(readme.len(), 1, "{language} in README.md");
    run(&readme[0], folder.path());
}

/// Hops to the last digit. Latencies stand in lookups.csv to the nanosecond and in summary.csv within 0.01 %.
fn assert_percentiles(folder: &Path) {
    let summary = Table::read(&folder.join("results/churn/summary.csv"));
    let told = Table::read(&folder.join("p95.csv"));
    assert_eq!(told.numbers("run"), summary.numbers("run"));
    assert_eq!(told.numbers("hops"), summary.numbers("hops_p95"));
    let latencies = told.numbers("latency_ms");
    assert_eq!(latencies.len(), 8, "4 combinations, twice");
    for (told, counted) in latencies.iter().zip(summary.numbers("latency_ms_p95")) {
        assert!((told / counted - 1.0).abs() < 1e-4, "{told} for {counted}");
    }
}

/// Every lookup that was answered meets the one node that answered it; as text, identifiers cannot be rounded.
fn assert_joins(folder: &Path) {
    let read = |file: &str| Table::read(&folder.join("results/churn").join(file));
    let (lookups, nodes) = (read("lookups.csv"), read("nodes.csv"));
    let mut times: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for node in nodes.column("run").into_iter().zip(nodes.column("id")) {
        *times.entry(node).or_default() += 1;
    }
    let answers = lookups.column("run").into_iter();
    let answers = answers.zip(lookups.column("answer_id"));
    let answers: Vec<_> = answers.filter(|(_, id)| !id.is_empty()).collect();
    assert!(answers.len() > 1000, "{} answers", answers.len());
    assert!(answers.iter().all(|answer| times.get(answer) == Some(&1)));
    let told = fs::read_to_string(folder.join("answered.txt")).unwrap();
    assert_eq!(told.trim(), answers.len().to_string());
}

#[test]
fn the_snippets_in_python_join_and_agree_with_the_summary() {
    let Some(python) = needed(python(), "Python with pandas, NumPy and DuckDB") else {
        return;
    };
    test("python", &|code, folder| {
        run(&python, "snippet.py", code, folder);
    });
}

#[test]
fn the_snippets_in_sql_join_and_agree_with_the_summary() {
    let Some(python) = needed(python(), "Python with pandas, NumPy and DuckDB") else {
        return;
    };
    test("sql", &|code, folder| {
        fs::write(folder.join("snippet.sql"), code).unwrap();
        run(&python, "duckdb_.py", DUCKDB, folder);
    });
}

#[test]
fn the_snippets_in_r_join_and_agree_with_the_summary() {
    let Some(rscript) = needed(rscript(), "R") else {
        return;
    };
    test("r", &|code, folder| {
        run(&rscript, "snippet.R", code, folder);
    });
}

/// The lines of docs/validation.md that follow a lookup by the definitions alone, on a ring of 64: 3.79 hops.
#[test]
fn the_lines_that_need_no_simulator_give_what_theory_gives() {
    let Some(python) = needed(python(), "Python with pandas, NumPy and DuckDB") else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let page = snippets("docs/validation.md", "python");
    assert_eq!(page.len(), 3, "Python in docs/validation.md");
    // Hops deviate by 1.3 and a ring's mean by less: 5000 lookups on 50 rings have a standard error of 0.03.
    let tail = "hops = mean_hops(64, 1, 5_000, 100)\nassert abs(hops - 3.79) < 0.12, hops\n";
    run(
        &python,
        "snippet.py",
        &format!("{}{tail}", page[0]),
        folder.path(),
    );
    // As the page says, and as `quorum-stale.toml` expects it: the steps make it some permille less.
    let tail = "share = stale_share(1e-6) / 1e-6\nassert abs(share - 965 / 3888 / 16) < 1e-4, share\n\
                share = stale_share(0.05)\nassert abs(share / 0.0006557 - 1) < 0.005, share\n";
    run(
        &python,
        "stale.py",
        &format!("{}{tail}", page[1]),
        folder.path(),
    );
    // As `droppers.toml` and `redundant-routes.toml` expect it.
    let tail = "shares = [round(success(copies, keeper), 6) for keeper in (False, True) for copies in (1, 2, 4)]\n\
                assert shares == [0.599641, 0.832834, 0.964254, 0.539672, 0.782880, 0.944472], shares\n";
    run(
        &python,
        "ways.py",
        &format!("{}{tail}", page[2]),
        folder.path(),
    );
}
