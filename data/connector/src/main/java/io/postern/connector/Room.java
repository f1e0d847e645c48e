package io.postern.connector;

/// Placeholder until the room is furnished.
final class Room {
    private Room() {}
}
