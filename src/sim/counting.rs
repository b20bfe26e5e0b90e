//! Which messages are measured. Within the measured duration: all, except those of requests that began before it.
//! After it: those of requests that count, until these are over. So what a request costs is counted to the end or
//! not at all, and maintenance within the duration only.

use crate::client::{Client, Ledger};

/// What is measured at this moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Counting {
    /// Nothing: the warm-up.
    #[default]
    Nothing,
    /// All but the messages of requests with earlier tickets, of which some are still under way.
    AllFrom(u64),
    /// Everything. The first ticket that counts.
    All(u64),
    /// Only requests with a ticket from the first one on, up to the second one: the duration is over.
    Rest(u64, u64),
}

impl Counting {
    /// The measured duration begins.
    pub(super) fn begin(&mut self, ledger: &Ledger) {
        *self = Self::AllFrom(ledger.next_ticket());
    }

    /// The measured duration ends.
    pub(super) fn end(&mut self, ledger: &Ledger) {
        if let Self::AllFrom(first) | Self::All(first) = *self {
            *self = Self::Rest(first, ledger.next_ticket());
        }
    }

    /// Whether a request that begins now counts.
    pub(super) fn counts_requests(self) -> bool {
        matches!(self, Self::AllFrom(_) | Self::All(_))
    }

    /// The same answer for all messages, if there is one.
    #[inline]
    pub(super) fn all_or_none(self) -> Option<bool> {
        match self {
            Self::Nothing => Some(false),
            Self::All(_) => Some(true),
            Self::AllFrom(_) | Self::Rest(..) => None,
        }
    }

    /// Whether a message of the request with this ticket counts; `None` for maintenance.
    #[inline(never)]
    pub(super) fn counts(&mut self, ticket: Option<u64>, client: &Client) -> bool {
        match *self {
            Self::Nothing => false,
            Self::All(_) => true,
            Self::AllFrom(first) => {
                if client.oldest_ticket() >= first {
                    *self = Self::All(first);
                }
                ticket.is_none_or(|ticket| ticket >= first)
            }
            Self::Rest(first, end) => ticket.is_some_and(|ticket| (first..end).contains(&ticket)),
        }
    }
}
