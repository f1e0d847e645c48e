package io.postern.gateway.admit;

import io.netty.util.concurrent.Future;
import io.postern.domain.policy.Subject;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import java.util.Optional;
import java.util.function.Function;

/// What the gateway decided about a request.
public sealed interface Admission {
    /// Who asks, as far as that is known.
    Optional<Subject> subject();

    /// The proof that policy was asked and permitted this request: only this room can make one, and
    /// nothing is forwarded without.
    final class Admitted implements Admission {
        private final RequestHead head;
        private final Route route;
        private final Optional<Subject> subject;
        private final boolean bearerConsumed;

        Admitted(RequestHead head, Route route, Optional<Subject> subject, boolean bearerConsumed) {
            this.head = head;
            this.route = route;
            this.subject = subject;
            this.bearerConsumed = bearerConsumed;
        }

        public RequestHead head() {
            return head;
        }

        /// [Route.Own] or [Route.Published].
        public Route route() {
            return route;
        }

        /// Empty for passthrough applications and for our own public hosts.
        @Override
        public Optional<Subject> subject() {
            return subject;
        }

        /// The Authorization field was a token for us and must not travel on (BRR-1).
        public boolean bearerConsumed() {
            return bearerConsumed;
        }
    }

    /// The gateway answers itself: a redirect, an error page, a refusal.
    record Answered(Answer answer, Optional<Subject> subject) implements Admission {
        Answered(Answer answer) {
            this(answer, Optional.empty());
        }
    }

    /// The body is to be read whole before anything can be decided.
    ///
    /// @param then never throws
    record Form(int bytesMax, Function<byte[], Read> then) implements Admission {
        /// What it came to.
        public sealed interface Read {}

        public record Told(Answer answer) implements Read {}

        /// It goes on as this request.
        ///
        /// @param admission of it; no [Form]
        @SuppressWarnings("ArrayRecordComponent") // never compared
        public record Resumed(RequestHead head, byte[] body, Admission admission) implements Read {}

        @Override
        public Optional<Subject> subject() {
            return Optional.empty();
        }
    }

    /// As [Answered], once the control plane has been asked. Never fails; completes on the exchange's loop.
    record Later(Future<Answer> answer) implements Admission {
        @Override
        public Optional<Subject> subject() {
            return Optional.empty();
        }
    }
}
