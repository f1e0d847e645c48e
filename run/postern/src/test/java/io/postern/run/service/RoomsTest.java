package io.postern.run.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoomsTest {
    private final List<String> closed = new ArrayList<>();

    private AutoCloseable room(String name) {
        return () -> closed.add(name);
    }

    @Test
    void closesInReverseOrderOfTheStart() {
        var rooms = new Rooms();
        rooms.add(room("store"));
        rooms.add(room("gateway"));
        rooms.close();
        assertEquals(List.of("gateway", "store"), closed);
    }

    @Test
    void closesTheOthersWhenOneCannot() {
        var rooms = new Rooms();
        rooms.add(room("store"));
        rooms.add(() -> {
            throw new IllegalStateException("stuck");
        });
        rooms.close();
        assertEquals(List.of("store"), closed);
    }

    @Test
    void closesARoomThatComesAfterTheStopAtOnce() {
        var rooms = new Rooms();
        rooms.close();
        assertThrows(Rooms.StopAsked.class, () -> rooms.add(room("late")));
        assertEquals(List.of("late"), closed);
    }

    @Test
    void closesOnce() {
        var rooms = new Rooms();
        rooms.add(room("store"));
        rooms.close();
        rooms.close();
        assertEquals(1, closed.size());
        assertTrue(rooms.isClosed());
    }
}
