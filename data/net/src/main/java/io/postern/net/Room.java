package io.postern.net;

/// Placeholder until the room is furnished.
final class Room {
    private Room() {}
}
