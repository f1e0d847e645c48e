package io.postern.identity.journal;

import io.postern.domain.TenantId;
import io.postern.store.SignIn;
import io.postern.web.RequestFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Which rows about nobody the sign-in log takes. Whoever sends a request without a user, a wrong `client_id` or a
/// forged message, would else fill the log, and the disk, as fast as he can send. What is left out is counted, and one
/// row tells of it when its minute is over. Of this process; thread-safe; memory for one minute's rows at the most.
final class Strangers {
    static final Duration WINDOW = Duration.ofMinutes(1);

    /// Twice what an address may guess of passwords: each guess is told.
    static final int ROWS_OF_ONE_MAX = 60;

    /// Of all addresses together. So at most ROWS_MAX / ROWS_OF_ONE_MAX rows tell of single addresses.
    static final int ROWS_MAX = 1_000;

    private static final String EVERYWHERE = "";

    private record Place(TenantId tenant, String network) {}

    /// @param last of those that were left out
    private record Missing(SignIn last, long count) {
        Missing and(Missing later) {
            return new Missing(later.last, count + later.count);
        }
    }

    // all under the lock of this object
    private final Map<Place, Integer> rows = new HashMap<>();
    private final Map<Place, Missing> missing = new HashMap<>();
    private final List<SignIn> due = new ArrayList<>();
    private Instant began = Instant.MIN;
    private int all;
    private long leftOut;

    /// @return false when the row is left out
    synchronized boolean admits(SignIn row) {
        turn(row.time());
        var place = new Place(row.tenant(), RequestFacts.network(row.address()));
        boolean room = all < ROWS_MAX;
        if (room && rows.getOrDefault(place, 0) < ROWS_OF_ONE_MAX) {
            rows.merge(place, 1, Integer::sum);
            all++;
            return true;
        }
        leftOut++;
        missing.merge(room ? place : new Place(row.tenant(), EVERYWHERE), new Missing(row, 1), Missing::and);
        return false;
    }

    /// The rows that tell of minutes that are over. Whoever takes them writes them.
    synchronized List<SignIn> due(Instant now) {
        turn(now);
        return take();
    }

    /// The same, and of the minute that is not over.
    synchronized List<SignIn> rest(Instant now) {
        end(now);
        return take();
    }

    /// For those that could not be written.
    synchronized void giveBack(List<SignIn> unwritten) {
        due.addAll(unwritten);
    }

    /// Since the start.
    synchronized long leftOut() {
        return leftOut;
    }

    private void turn(Instant now) {
        if (began.equals(Instant.MIN) || !now.isBefore(began.plus(WINDOW))) {
            end(now);
        }
    }

    private void end(Instant now) {
        missing.forEach((place, of) -> due.add(told(place, of, now)));
        missing.clear();
        rows.clear();
        all = 0;
        began = now;
    }

    private List<SignIn> take() {
        List<SignIn> taken = List.copyOf(due);
        due.clear();
        return taken;
    }

    private SignIn told(Place place, Missing of, Instant now) {
        String bound = place.network().equals(EVERYWHERE)
                ? ROWS_MAX + " such entries a minute"
                : ROWS_OF_ONE_MAX + " such entries a minute from " + place.network();
        SignIn last = of.last();
        return new SignIn(
                UUID.randomUUID().toString(),
                last.tenant(),
                now,
                last.correlation(),
                last.kind(),
                SignIn.Subject.UNKNOWN,
                last.application(),
                last.resource(),
                last.address(),
                last.device(),
                last.clientApp(),
                last.protocol(),
                List.of(),
                false,
                last.session(),
                last.token(),
                last.errorNumber(),
                last.failureReason(),
                "The last of " + of.count() + " entries about nobody that were left out since " + began
                        + ": the log takes " + bound + ".");
    }
}
