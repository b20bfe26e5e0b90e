//! Progress on standard error: bars on a terminal, a plain line now and then elsewhere.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output;
use super::terminal::Terminal;
use crate::results::{Board, RunState, Seat, Stopwatch};

/// How often bars move.
const REDRAW: Duration = Duration::from_millis(100);
/// Seconds between plain lines.
const LINE_EVERY_S: f64 = 5.0;

/// Shows how the runs of a board go on while `work` goes on.
pub(super) fn while_shown<T>(
    name: &str,
    board: &Board,
    terminal: Terminal,
    quiet: bool,
    work: impl FnOnce() -> T,
) -> T {
    if quiet {
        return work();
    }
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        // Where no thread is to be had, the work goes on unseen.
        let shown = thread::Builder::new().spawn_scoped(scope, || {
            let mut display = Display::new(name, board, terminal);
            while !over.load(Ordering::Relaxed) {
                display.update();
                thread::park_timeout(REDRAW);
            }
            display.clear();
        });
        let _ends_it = shown
            .as_ref()
            .ok()
            .map(|shown| Ender { over: &over, shown });
        work()
    })
}

/// Ends the display also if `work` panics: the scope would wait for it for ever.
struct Ender<'a, 'scope> {
    over: &'a AtomicBool,
    shown: &'a ScopedJoinHandle<'scope, ()>,
}

impl Drop for Ender<'_, '_> {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        self.shown.thread().unpark();
    }
}

enum Display<'a> {
    Bars(Bars<'a>),
    Lines(Lines<'a>),
}

impl<'a> Display<'a> {
    fn new(name: &'a str, board: &'a Board, terminal: Terminal) -> Self {
        if terminal.interactive {
            Self::Bars(Bars::new(name, board))
        } else {
            Self::Lines(Lines {
                name,
                board,
                clock: Stopwatch::start(),
                next_s: LINE_EVERY_S,
            })
        }
    }

    fn update(&mut self) {
        match self {
            Self::Bars(bars) => bars.update(),
            Self::Lines(lines) => lines.update(),
        }
    }

    fn clear(&mut self) {
        if let Self::Bars(bars) = self {
            // A display that cannot be cleared is not worth stopping for.
            let _ = bars.all.clear();
        }
    }
}

/// Simulated time so far and at the end of the measurement, in nanoseconds. It goes on beyond the end until all
/// open lookups are over.
fn simulated(seat: &Seat) -> (u64, u64) {
    let [now, end] = [&seat.watch.now, &seat.watch.end].map(|time| time.load(Ordering::Relaxed));
    (now, end)
}

/// Whether the measurement of a run under way is over, and only open lookups are waited for.
fn is_draining(seat: &Seat) -> bool {
    let (now, end) = simulated(seat);
    seat.state() == RunState::Active && end > 0 && now > end
}

/// Such as `5m of 10m`, or `10m of 10m, open lookups for 12s`.
fn how_far(seat: &Seat) -> String {
    let (now, end) = simulated(seat);
    if is_draining(seat) {
        let since = clock(now - end);
        format!("{} of {}, open lookups for {since}", clock(end), clock(end))
    } else {
        format!("{} of {}", clock(now), clock(end))
    }
}

/// The share of a run that is done.
fn share(seat: &Seat) -> f64 {
    match (seat.state(), simulated(seat)) {
        (RunState::Waiting | RunState::NotAsked, _) | (RunState::Active, (_, 0)) => 0.0,
        (RunState::Active, (now, end)) => now.min(end) as f64 / end as f64,
        (RunState::Done | RunState::Failed, _) => 1.0,
    }
}

/// The share of all runs that is done, but for those that were finished before: they say nothing
/// of how long the others take.
fn share_of_new<'a>(seats: impl Iterator<Item = &'a Seat>) -> f64 {
    let old = |seat: &Seat| {
        seat.state() == RunState::Done && seat.watch.events.load(Ordering::Relaxed) == 0
    };
    let shares: Vec<f64> = seats.filter(|seat| !old(seat)).map(share).collect();
    shares.iter().sum::<f64>() / shares.len().max(1) as f64
}

fn events(board: &Board) -> u64 {
    board
        .seats()
        .iter()
        .map(|seat| seat.watch.events.load(Ordering::Relaxed))
        .sum()
}

fn ended(board: &Board) -> usize {
    let ended = |seat: &&Seat| matches!(seat.state(), RunState::Done | RunState::Failed);
    board.seats().iter().filter(ended).count()
}

/// Such as `1.25 M events/s`.
fn rate(events: u64, seconds: f64) -> String {
    let rate = events as f64 / seconds.max(1e-3);
    if rate >= 1e6 {
        format!("{:.2} M events/s", rate / 1e6)
    } else {
        format!("{:.0} k events/s", rate / 1e3)
    }
}

/// Whole seconds of simulated time as a person reads them: `45s`, `11m03s`, `2h00m30s`, and `12m`
/// where nothing is left over.
fn clock(ns: u64) -> String {
    let seconds = ns / 1_000_000_000;
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (h, m, s) {
        (0, 0, s) => format!("{s}s"),
        (0, m, 0) => format!("{m}m"),
        (0, m, s) => format!("{m}m{s:02}s"),
        (h, 0, 0) => format!("{h}h"),
        (h, m, 0) => format!("{h}h{m:02}m"),
        (h, m, s) => format!("{h}h{m:02}m{s:02}s"),
    }
}

struct Bars<'a> {
    board: &'a Board,
    all: MultiProgress,
    total: ProgressBar,
    runs: Vec<Option<(ProgressBar, Stopwatch)>>,
    clock: Stopwatch,
}

impl<'a> Bars<'a> {
    fn new(name: &str, board: &'a Board) -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        // Not shown before the first run begins: messages come before that.
        let total = ProgressBar::hidden();
        total.set_length(1000);
        total.set_style(style("{prefix} {bar:24} {msg}, {eta} left"));
        total.set_prefix(name.to_owned());
        let runs = board.seats().iter().map(|_| None).collect();
        Self {
            board,
            all,
            total,
            runs,
            clock: Stopwatch::start(),
        }
    }

    fn update(&mut self) {
        for (run, seat) in self.board.seats().iter().enumerate() {
            match (seat.state(), &self.runs[run]) {
                (RunState::Active, None) => {
                    if self.total.is_hidden() {
                        self.total = self.all.add(self.total.clone());
                    }
                    let bar = self.all.add(ProgressBar::new(1000));
                    bar.set_style(style("  {prefix} {bar:24} {msg}, {eta} left"));
                    bar.set_prefix(format!("run {run}"));
                    self.runs[run] = Some((bar, Stopwatch::start()));
                }
                (RunState::Active, Some((bar, clock))) => show_run(seat, bar, clock),
                (_, Some(_)) => {
                    if let Some((bar, _)) = self.runs[run].take() {
                        bar.finish_and_clear();
                    }
                }
                _ => {}
            }
        }
        let shares: f64 = self.board.seats().iter().map(share).sum();
        let runs = self.board.asked().count();
        self.total
            .set_position((shares / runs.max(1) as f64 * 1000.0) as u64);
        if self.board.seats().iter().any(is_draining) && shares >= runs as f64 {
            self.total.set_style(style("{prefix} {bar:24} {msg}"));
        }
        let rate = rate(events(self.board), self.clock.seconds());
        self.total
            .set_message(format!("{} of {runs} runs, {rate}", ended(self.board)));
    }
}

fn show_run(seat: &Seat, bar: &ProgressBar, since: &Stopwatch) {
    bar.set_position((share(seat) * 1000.0) as u64);
    if is_draining(seat) {
        // Nobody knows when the last one is over.
        bar.set_style(style("  {prefix} {bar:24} {msg}"));
    }
    let rate = rate(seat.watch.events.load(Ordering::Relaxed), since.seconds());
    bar.set_message(format!("{}, {rate}", how_far(seat)));
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .expect("a template of ours")
        .progress_chars("━╸─")
}

struct Lines<'a> {
    name: &'a str,
    board: &'a Board,
    clock: Stopwatch,
    next_s: f64,
}

impl Lines<'_> {
    fn update(&mut self) {
        let seconds = self.clock.seconds();
        if seconds < self.next_s {
            return;
        }
        self.next_s = seconds + LINE_EVERY_S;
        output::message(&self.line(seconds));
    }

    /// Such as `churn: 1 of 10 runs done; run 1 at 5m of 1h; 1.25 M events/s; about 40 s left`.
    fn line(&self, seconds: f64) -> String {
        let seats = self.board.seats();
        let mut parts = vec![format!(
            "{} of {} runs done",
            ended(self.board),
            self.board.asked().count()
        )];
        for (run, seat) in seats.iter().enumerate() {
            if seat.state() == RunState::Active {
                parts.push(format!("run {run} at {}", how_far(seat)));
            }
        }
        parts.push(rate(events(self.board), seconds));
        let share = share_of_new(self.board.asked());
        if share > 0.01 && share < 1.0 {
            parts.push(format!(
                "about {:.0} s left",
                seconds * (1.0 - share) / share
            ));
        }
        format!("{}: {}", self.name, parts.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_it_is() {
        let board = Board::new(2);
        let lines = Lines {
            name: "churn",
            board: &board,
            clock: Stopwatch::start(),
            next_s: 0.0,
        };
        board.seats()[0]
            .watch
            .events
            .store(5_000_000, Ordering::Relaxed);
        assert_eq!(lines.line(4.0), "churn: 0 of 2 runs done; 1.25 M events/s");
    }

    #[test]
    fn after_the_measurement_open_lookups_are_waited_for() {
        let minutes = |minutes: u64| minutes * 60_000_000_000;
        let board = Board::new(1);
        let seat = &board.seats()[0];
        seat.watch.end.store(minutes(10), Ordering::Relaxed);
        let at = |now: u64| {
            seat.watch.now.store(now, Ordering::Relaxed);
            (how_far(seat), share(seat))
        };
        seat.set(RunState::Active);
        assert_eq!(at(minutes(5)), ("5m of 10m".to_owned(), 0.5));
        assert_eq!(at(minutes(10)), ("10m of 10m".to_owned(), 1.0));
        let draining = "10m of 10m, open lookups for 1m".to_owned();
        assert_eq!(at(minutes(11)), (draining, 1.0));
        let lines = Lines {
            name: "churn",
            board: &board,
            clock: Stopwatch::start(),
            next_s: 0.0,
        };
        assert_eq!(
            lines.line(4.0),
            "churn: 0 of 1 runs done; run 0 at 10m of 10m, open lookups for 1m; 0 k events/s"
        );
    }

    #[test]
    fn simulated_time_reads_like_time() {
        let read = |seconds: u64| clock(seconds * 1_000_000_000 + 500_000_000);
        let all = [0, 59, 60, 663, 3600, 5400, 7230].map(read);
        assert_eq!(
            all,
            ["0s", "59s", "1m", "11m03s", "1h", "1h30m", "2h00m30s"]
        );
    }

    #[test]
    fn the_work_gets_done_and_a_panic_gets_through() {
        let board = Board::new(1);
        let terminal = Terminal::new(crate::cli::args::Color::Never);
        assert_eq!(while_shown("x", &board, terminal, false, || 7), 7);
        let panics = || while_shown("x", &board, terminal, false, || panic!("on purpose"));
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
    }
}
