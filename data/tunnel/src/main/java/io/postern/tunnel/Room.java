package io.postern.tunnel;

/// Placeholder until the room is furnished.
final class Room {
    private Room() {}
}
