package io.postern.run;

/// Placeholder until the room is furnished.
final class Room {
    private Room() {}
}
