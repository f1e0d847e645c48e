package io.postern.bench.drain;

import io.postern.bench.drain.Beat.Answer;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;

/// What answers say about a kill in their midst.
final class Aftermath {
    /// As in all our error answers.
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    private static final double WINDOW_SECONDS = 0.5;
    /// Below that the machine's own noise decides.
    private static final double CALM_MILLIS_MIN = 50;

    private final List<Answer> answers;
    private final long killedNanos;

    Aftermath(List<Answer> answers, long killedNanos) {
        this.answers = answers;
        this.killedNanos = killedNanos;
    }

    int all() {
        return answers.size();
    }

    List<Answer> failed() {
        return answers.stream().filter(answer -> !answer.isGood()).toList();
    }

    /// Failures without a status that says whose fault it is, or without an id to ask about.
    long unclear() {
        return failed().stream()
                .filter(answer -> (answer.status() != 502 && answer.status() != 503 && answer.status() != 504)
                        || !ID.matcher(answer.text()).find())
                .count();
    }

    /// Failures of requests that were not in flight at the kill. What is sent in the moment that the system takes to
    /// tell of it counts as in flight.
    long late() {
        return failed().stream()
                .filter(answer -> answer.answeredNanos() < killedNanos || seconds(answer) > WINDOW_SECONDS)
                .count();
    }

    double p99MillisBefore() {
        return p99(nanos -> nanos < killedNanos);
    }

    /// @param from seconds after the kill
    double p99Millis(double from, double to) {
        return p99(nanos -> secondsAfter(nanos) >= from && secondsAfter(nanos) < to);
    }

    /// From when on no half second was worse than twice what it was before.
    double calmAfterSeconds() {
        double limit = Math.max(2 * p99MillisBefore(), CALM_MILLIS_MIN);
        double last = answers.stream().mapToDouble(this::seconds).max().orElse(0);
        double calm = 0;
        for (double at = 0; at < last; at += WINDOW_SECONDS) {
            if (p99Millis(at, at + WINDOW_SECONDS) > limit) {
                calm = at + WINDOW_SECONDS;
            }
        }
        return calm;
    }

    private double p99(LongPredicate isMeant) {
        double[] millis = answers.stream()
                .filter(answer -> !answer.isSlow() && answer.isGood() && isMeant.test(answer.sentNanos()))
                .mapToDouble(answer -> (answer.answeredNanos() - answer.sentNanos()) / 1e6)
                .sorted()
                .toArray();
        return millis.length == 0 ? 0 : millis[(int) (millis.length * 0.99)];
    }

    private double seconds(Answer answer) {
        return secondsAfter(answer.sentNanos());
    }

    private double secondsAfter(long nanos) {
        return (nanos - killedNanos) / 1e9;
    }
}
