package io.postern.identity.journal;

import io.postern.account.UserName;
import io.postern.domain.AppId;
import io.postern.domain.UserId;
import io.postern.store.SignIn;
import io.postern.store.Store;
import io.postern.store.StoreUnavailable;
import io.postern.store.Stores;
import io.postern.web.RequestFacts;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Writes the sign-in log. Every protocol calls it at each ending, before it answers; on return the entry is on disk.
/// Sign-ins that end at once share a transaction: whoever comes first writes for all who wait. Thread-safe.
///
/// Of rows about nobody, which anybody can have written, it takes so many a minute ([Strangers]) and counts the rest.
///
/// Do not call it inside a transaction of the store: it makes its own.
public final class SignInJournal {
    private static final class Waiting {
        private final SignIn entry;
        private boolean written; // guarded by turn

        Waiting(SignIn entry) {
            this.entry = entry;
        }
    }

    private final Store store;
    private final Clock clock;
    private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock();
    private final Strangers strangers = new Strangers();

    public SignInJournal(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// @throws io.postern.store.StoreUnavailable nobody signs in unseen
    public void succeeded(RequestFacts request, SignInFacts facts) {
        write(entry(request, facts, 0, ""));
    }

    /// @param number what administrators search for (6.2)
    /// @param text one sentence for administrators, without secrets
    /// @throws io.postern.store.StoreUnavailable when it cannot be written
    public void failed(RequestFacts request, SignInFacts facts, int number, String text) {
        SignIn entry = entry(request, facts, number, text);
        if (!entry.subject().id().isEmpty() || strangers.admits(entry)) {
            write(entry);
        }
    }

    /// Tells of the rows that were left out in minutes that are over. Call it every few seconds.
    public void tellLeftOut() {
        tell(strangers.due(clock.instant()));
    }

    /// Tells of all that were left out. Call it before the process ends.
    public void tellRest() {
        tell(strangers.rest(clock.instant()));
    }

    /// Rows about nobody that were not written since the start.
    public long leftOut() {
        return strangers.leftOut();
    }

    private void tell(List<SignIn> rows) {
        for (int i = 0; i < rows.size(); i++) {
            try {
                write(rows.get(i));
            } catch (StoreUnavailable e) {
                strangers.giveBack(rows.subList(i, rows.size()));
                throw e;
            }
        }
    }

    private void write(SignIn entry) {
        var waiting = new Waiting(entry);
        queue.add(waiting);
        turn.lock();
        try {
            if (!waiting.written) {
                writeAll(waiting);
            }
        } finally {
            turn.unlock();
        }
    }

    private void writeAll(Waiting own) {
        var batch = new ArrayList<Waiting>();
        for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
            batch.add(next);
        }
        try {
            append(batch);
        } catch (RuntimeException e) {
            if (batch.size() == 1) {
                throw e;
            }
            // somebody's entry may be at fault: each for himself then
            batch.remove(own);
            queue.addAll(batch);
            append(List.of(own));
        }
    }

    private void append(List<Waiting> batch) {
        store.write(s -> {
            batch.forEach(w -> {
                s.logs().append(w.entry);
                remember(s, w.entry);
            });
            return batch.size();
        });
        batch.forEach(w -> w.written = true);
    }

    /// Reviews of assignments ask when each was last used.
    private static void remember(Stores s, SignIn entry) {
        if (entry.errorNumber() != 0
                || entry.kind() == SignIn.Kind.SERVICE_PRINCIPAL
                || entry.subject().id().isEmpty()) {
            return;
        }
        var user = new UserId(entry.subject().id());
        Stream.of(entry.application(), entry.resource())
                .filter(party -> !party.id().isEmpty())
                .flatMap(party -> s.servicePrincipals().findByAppId(entry.tenant(), new AppId(party.id())).stream())
                .distinct()
                .forEach(used -> s.assignments().used(entry.tenant(), used.id(), user, entry.time()));
    }

    private SignIn entry(RequestFacts request, SignInFacts facts, int number, String text) {
        List<String> methods = facts.methodsInWords();
        return new SignIn(
                UUID.randomUUID().toString(),
                facts.tenant().id(),
                clock.instant(),
                request.correlation(),
                facts.kind(),
                subject(facts),
                facts.client(),
                facts.resource(),
                request.clientAddress(),
                UserAgent.device(request.userAgent()),
                clientApp(request, facts),
                facts.protocol().text(),
                methods,
                facts.proof().methods().contains("mfa"),
                facts.proof().session().map(Object::toString),
                facts.proof().token(),
                number,
                text,
                facts.details());
    }

    private static SignIn.Subject subject(SignInFacts facts) {
        if (facts.who().principal().isPresent()) {
            var principal = facts.who().principal().get();
            return new SignIn.Subject(principal.id().value(), principal.displayName(), principal.displayName());
        }
        return facts.who()
                .user()
                .map(u -> new SignIn.Subject(u.id().value(), u.userPrincipalName(), u.displayName()))
                .orElseGet(() ->
                        typed(facts).map(n -> new SignIn.Subject("", n, "")).orElse(SignIn.Subject.UNKNOWN));
    }

    /// People type passwords into the wrong field: a name that nobody has is kept only if it ends as names here do.
    private static Optional<String> typed(SignInFacts facts) {
        return UserName.read(facts.who().typedName())
                .map(UserName::value)
                .filter(name -> name.toLowerCase(Locale.ROOT)
                        .endsWith("@" + facts.tenant().domain().toLowerCase(Locale.ROOT)));
    }

    private static String clientApp(RequestFacts request, SignInFacts facts) {
        if (facts.kind() == SignIn.Kind.SERVICE_PRINCIPAL) {
            return "";
        }
        return request.userAgent().startsWith("Mozilla/") ? "Browser" : "Mobile Apps and Desktop clients";
    }
}
