package io.postern.web;

/// Placeholder until the room is furnished.
final class Room {
    private Room() {}
}
