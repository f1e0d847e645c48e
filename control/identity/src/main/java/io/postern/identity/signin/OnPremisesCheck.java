package io.postern.identity.signin;

import io.postern.account.onpremises.PasswordAnswer;
import io.postern.account.onpremises.PasswordDesk;
import io.postern.account.onpremises.PasswordPlace;
import io.postern.base.PasswordVerdict;
import io.postern.base.Secret;
import io.postern.identity.signin.SignInResult.Reason;
import io.postern.identity.signin.SignInResult.Refused;
import io.postern.store.Store;
import io.postern.token.KeyRing;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passwords that a directory on premises checks (PWC-1). Guesses are counted here first, and sent on only while there
/// are few, so nobody can lock an account there from outside (PWC-4). These guesses wait in places of their own: when a
/// directory is slow, users who are kept here sign in as ever (PWC-6). Thread-safe.
final class OnPremisesCheck {
    private static final Logger LOG = LoggerFactory.getLogger("io.postern.signin");

    /// How it went.
    ///
    /// @param refusal empty when the password is right
    /// @param details for administrators: who checked it, or why nobody did
    record Checked(Optional<Refused> refusal, String details) {}

    private final PasswordDesk desk;
    private final Guesses guesses;
    private final News news;

    OnPremisesCheck(PasswordDesk desk, Store store, KeyRing ring, Clock clock) {
        this.desk = desk;
        this.guesses = new Guesses(store, ring, clock, PasswordDesk.DEADLINE.plusSeconds(1));
        this.news = new News(clock);
    }

    Checked check(String account, Secret typed, PasswordPlace place) {
        var told = new AtomicReference<PasswordAnswer>();
        var limits = new Lockout.Limits(
                place.rules().triesMax(), place.rules().pause(), true);
        Guesses.Result counted = guesses.guess(account, typed, limits, () -> {
            PasswordAnswer answer = desk.ask(place, typed);
            told.set(answer);
            return opinion(answer.result());
        });
        PasswordAnswer answer = told.get();
        if (answer == null) { // not asked
            return switch (counted) {
                case Guesses.Result.Locked(Duration remaining) -> refused(Reason.LOCKED, remaining, true);
                case Guesses.Result.Busy(Duration retryAfter) ->
                    refused(Reason.BUSY, retryAfter, news.isFirst(place.tenant().value()));
                case Guesses.Result.Right right -> throw new IllegalStateException("right without an answer");
                case Guesses.Result.Wrong wrong -> throw new IllegalStateException("wrong without an answer");
            };
        }
        String details = details(place, answer);
        if (counted instanceof Guesses.Result.Locked(Duration remaining)) {
            return new Checked(Optional.of(new Refused(Reason.LOCKED, remaining, true, details)), details);
        }
        Optional<Reason> reason = reason(answer.result());
        reason.filter(Reason::isOurs).ifPresent(why -> warn(place, answer, why));
        return new Checked(reason.map(why -> new Refused(why, Duration.ZERO, true, details)), details);
    }

    private static Checked refused(Reason reason, Duration after, boolean news) {
        return new Checked(Optional.of(new Refused(reason, after, news, "")), "");
    }

    private void warn(PasswordPlace place, PasswordAnswer answer, Reason why) {
        if (news.isFirst(place.tenant() + " " + place.directory() + " " + why)) {
            LOG.warn(
                    "password not checked on premises result={} directory={} connector={} detail={}",
                    why,
                    place.directory(),
                    answer.connector(),
                    answer.detail());
        }
    }

    private static String details(PasswordPlace place, PasswordAnswer answer) {
        String by = answer.connector().isEmpty()
                ? "Password check on premises, directory '" + place.directory() + "'."
                : "Password checked on premises by connector '" + answer.connector() + "', directory '"
                        + place.directory() + "'.";
        return answer.detail().isEmpty() ? by : by + " " + answer.detail();
    }

    /// Only what the directory calls wrong counts; what it does not tell about is no guess.
    private static Guesses.Opinion opinion(PasswordAnswer.Result result) {
        return switch (result) {
            case PasswordAnswer.Result.Said(PasswordVerdict verdict) ->
                switch (verdict) {
                    case RIGHT, EXPIRED, MUST_CHANGE, DISABLED, ACCOUNT_EXPIRED, HOURS, RESTRICTED ->
                        Guesses.Opinion.RIGHT;
                    case WRONG -> Guesses.Opinion.WRONG;
                    case LOCKED, UNREACHABLE, TIMEOUT, UNREADABLE, FAILED -> Guesses.Opinion.NONE;
                };
            case PasswordAnswer.Result.NoConnector none -> Guesses.Opinion.NONE;
            case PasswordAnswer.Result.Busy busy -> Guesses.Opinion.NONE;
        };
    }

    /// Empty for a password that is right.
    private static Optional<Reason> reason(PasswordAnswer.Result result) {
        return switch (result) {
            case PasswordAnswer.Result.Said(PasswordVerdict verdict) ->
                switch (verdict) {
                    case RIGHT -> Optional.empty();
                    case WRONG -> Optional.of(Reason.WRONG);
                    case EXPIRED -> Optional.of(Reason.EXPIRED_THERE);
                    case MUST_CHANGE -> Optional.of(Reason.MUST_CHANGE_THERE);
                    case DISABLED -> Optional.of(Reason.DISABLED);
                    case ACCOUNT_EXPIRED -> Optional.of(Reason.ACCOUNT_EXPIRED);
                    case LOCKED -> Optional.of(Reason.LOCKED_THERE);
                    case HOURS -> Optional.of(Reason.HOURS);
                    case RESTRICTED -> Optional.of(Reason.RESTRICTED);
                    case UNREACHABLE -> Optional.of(Reason.AWAY);
                    case TIMEOUT -> Optional.of(Reason.SILENT);
                    case UNREADABLE -> Optional.of(Reason.UNREADABLE);
                    case FAILED -> Optional.of(Reason.FAILED_THERE);
                };
            case PasswordAnswer.Result.NoConnector none -> Optional.of(Reason.AWAY);
            case PasswordAnswer.Result.Busy busy -> Optional.of(Reason.BUSY);
        };
    }
}
