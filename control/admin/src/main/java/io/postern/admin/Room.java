package io.postern.admin;

/// Placeholder until the room is furnished.
final class Room {
    private Room() {}
}
