package io.postern.pki;

/// Placeholder until the room is furnished.
final class Room {
    private Room() {}
}
