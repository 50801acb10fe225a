//! Rounds in which everyone has a turn, and the time that the thread ran in it: both so that what else
//! the machine does weighs on nobody more than on the others.

use std::hint::black_box;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;

/// What is measured: a name, and a turn that returns how long it took.
pub struct Contender<'a> {
    /// The name in the table.
    pub name: &'a str,
    /// Takes a turn over all items.
    pub turn: Box<dyn FnMut() -> Duration + 'a>,
}

impl<'a> Contender<'a> {
    /// A contender whose turn needs no preparation.
    pub fn new<T>(name: &'a str, mut work: impl FnMut() -> T + 'a) -> Self {
        let turn = move || {
            let start = ThreadTime::now();
            black_box(work());
            start.elapsed()
        };
        Self { name, turn: Box::new(turn) }
    }

    /// A contender with threads of its own: its time is that on the clock.
    pub fn on_the_clock<T>(name: &'a str, mut work: impl FnMut() -> T + 'a) -> Self {
        let turn = move || {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        };
        Self { name, turn: Box::new(turn) }
    }

    /// A contender that works on something which is made anew before every turn, outside of the time.
    pub fn prepared<P, T>(
        name: &'a str,
        mut prepare: impl FnMut() -> P + 'a,
        mut work: impl FnMut(&mut P) -> T + 'a,
    ) -> Self {
        let turn = move || {
            let mut prepared = prepare();
            let start = ThreadTime::now();
            black_box(work(&mut prepared));
            start.elapsed()
        };
        Self { name, turn: Box::new(turn) }
    }
}

/// The times of one contender, in nanoseconds an item.
#[derive(Debug, Clone)]
pub struct Times {
    /// The name in the table.
    pub name: String,
    rounds: Vec<f64>,
}

/// Runs rounds after one to warm up. Each round goes the other way from another one on, so that nobody
/// always finds the caches and the heap as the same other one has left them.
pub fn run(contenders: &mut [Contender<'_>], n_items: usize, n_rounds: usize) -> Vec<Times> {
    let mut times: Vec<Times> =
        contenders.iter().map(|c| Times { name: c.name.to_owned(), rounds: Vec::new() }).collect();
    for round in 0..=n_rounds {
        let mut order: Vec<usize> = (0..contenders.len()).collect();
        order.rotate_left(round % contenders.len().max(1));
        if round % 2 == 1 {
            order.reverse();
        }
        for i in order {
            let elapsed = (contenders[i].turn)().as_nanos() as f64 / n_items as f64;
            if round > 0 {
                times[i].rounds.push(elapsed);
            }
        }
    }
    times
}

impl Times {
    /// The median.
    pub fn median(&self) -> f64 {
        quantile(&self.rounds, 0.5)
    }

    /// The shortest and the longest.
    pub fn spread(&self) -> (f64, f64) {
        (quantile(&self.rounds, 0.0), quantile(&self.rounds, 1.0))
    }

    /// The median over the rounds of how many times longer `other` took.
    pub fn faster_than(&self, other: &Self) -> f64 {
        let ratios: Vec<f64> = self.rounds.iter().zip(&other.rounds).map(|(own, other)| other / own).collect();
        quantile(&ratios, 0.5)
    }
}

fn quantile(values: &[f64], q: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * q).round() as usize]
}
