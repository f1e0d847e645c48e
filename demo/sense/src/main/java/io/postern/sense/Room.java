package io.postern.sense;

/// Placeholder until the room is furnished.
final class Room {
    private Room() {}
}
