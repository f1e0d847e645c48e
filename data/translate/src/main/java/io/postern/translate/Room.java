package io.postern.translate;

/// Placeholder until the room is furnished.
final class Room {
    private Room() {}
}
