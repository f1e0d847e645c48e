package io.postern.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void takesTheMiddleOfAnOddNumberAndTheMeanOfTheTwoMiddlesOfAnEven() {
        assertEquals(new Statistics.Span(3, 1, 2, 9), Statistics.span(List.of(9.0, 1.0, 2.0)));
        assertEquals(new Statistics.Span(4, 1, 2.5, 9), Statistics.span(List.of(9.0, 1.0, 2.0, 3.0)));
    }

    @Test
    void leavesOutWhatWasNotMeasured() {
        assertEquals(new Statistics.Span(1, 4, 4, 4), Statistics.span(List.of(Double.NaN, 4.0)));
        assertTrue(Double.isNaN(Statistics.span(List.of(Double.NaN)).median()));
    }
}
