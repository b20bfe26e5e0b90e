//! Messages as they are packed, and their sizes.

use super::*;

#[test]
fn a_message_is_unpacked_as_it_was_packed() {
    let (call, op, state) = (CallId(u32::MAX), OpIdx(0xfedc_ba98), ParcelId(77));
    let header = HopHeader::new(Role::Owner, 4_194_303);
    let mut kinds = Vec::new();
    for msg in [
        Msg::Ping(call),
        Msg::Pong(call),
        Msg::GetState(call),
        Msg::State(call, state),
        Msg::Busy(call),
        Msg::Notify,
        Msg::SuccessorLeaves(Heir(NodeIdx(5))),
        Msg::PredecessorLeaves(NodeIdx(5)),
        Msg::Forward(header, op, call),
        Msg::Ack(call),
        Msg::Answer(header, op),
        Msg::NoRoute(op),
        Msg::Ask(header, op, NodeIdx::NONE),
        Msg::Referral(header, op, NodeIdx(5)),
        Msg::Welcome(op, state),
        Msg::NewSuccessor(NodeIdx(5)),
        Msg::JoinLater(op),
        Msg::OwnerSilent(op),
        Msg::GetNeighbours(call),
        Msg::Neighbours(call, state),
        Msg::NeighboursAt(call, state),
        Msg::PongAt(call),
        Msg::AckAt(call),
    ] {
        let packed = Packed::from(msg);
        let words = packed.words();
        assert_eq!(Packed::from_words(words).unpack(), msg);
        assert_eq!(words[1] >> 32, 0, "the sender goes there");
        let carries_state = matches!(
            msg,
            Msg::State(..) | Msg::Welcome(..) | Msg::Neighbours(..) | Msg::NeighboursAt(..)
        );
        assert_eq!(packed.parcel(), carries_state.then_some(state));
        kinds.push(words[0] >> 56);
    }
    kinds.sort_unstable();
    assert_eq!(kinds, (1..=23).collect::<Vec<_>>());
    assert_eq!(kinds, NUMBERS, "every kind is packed above");
    let nobody = Msg::SuccessorLeaves(Heir(NodeIdx::NONE));
    assert_eq!(Packed::from(nobody).unpack(), nobody);
}

#[test]
fn sizes_are_those_of_the_documentation() {
    let mut parcels = Parcels::new(4);
    let state = parcels.pack(NodeIdx(1), &[NodeIdx(2), NodeIdx(3)]);
    let header = HopHeader::new(Role::Step, 1);
    for (msg, bytes) in [
        (Msg::Ping(CallId(0)), 32),
        (Msg::Notify, 46),
        (Msg::Forward(header, OpIdx(0), CallId(0)), 58),
        (Msg::State(CallId(0), state), 32 + 3 * 14),
        (Msg::Neighbours(CallId(0), state), 32 + 2 * 14),
        (Msg::NeighboursAt(CallId(0), state), 32 + 16 + 2 * 30),
        (Msg::AckAt(CallId(0)), 48),
        (Msg::SuccessorLeaves(Heir(NodeIdx(7))), 46),
        (Msg::SuccessorLeaves(Heir(NodeIdx::NONE)), 32),
    ] {
        assert_eq!(Packed::from(msg).bytes(&parcels), bytes, "{msg:?}");
    }
}

#[test]
fn a_header_gives_back_what_was_packed() {
    for role in [Role::Step, Role::Owner] {
        for hops in [0, 1, 65_535, 65_536, 4_194_303] {
            let header = HopHeader::new(role, hops);
            assert_eq!((header.role(), header.hops()), (role, hops));
        }
    }
    assert_eq!(HopHeader::new(Role::Owner, u32::MAX).hops(), 4_194_303);
}
