package io.postern.identity;

/// Placeholder until the room is furnished.
final class Room {
    private Room() {}
}
