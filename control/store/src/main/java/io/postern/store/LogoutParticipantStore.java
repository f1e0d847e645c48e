package io.postern.store;

import io.postern.domain.AppId;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Applications that a browser session signed its user on to: they are told in the browser when it ends.
public interface LogoutParticipantStore {
    /// How an application is told.
    enum Protocol {
        /// By a request that it answers.
        SAML,
        /// By `wsignoutcleanup1.0`, which has no answer.
        WS_FEDERATION,
        /// By OpenID Connect Front-Channel Logout, which has no answer.
        OPENID
    }

    /// How far it has come.
    enum Outcome {
        SIGNED_ON,
        /// A request is on its way; nothing came back yet.
        ASKED,
        /// It was told, and answers are not foreseen.
        TOLD,
        /// It says that its session is over.
        ENDED,
        /// It says that it could not do it, or only in part.
        REFUSED,
        /// There is no address at which it could be told.
        UNREACHABLE
    }

    /// @param address where it is told; empty for SAML, where the registration says it
    /// @param known what a service provider of SAML knows of the user
    /// @param requestId of the request that it shall answer; empty where none is on its way
    record Row(
            TenantId tenant,
            SessionId session,
            AppId application,
            Protocol protocol,
            String address,
            Known known,
            Outcome outcome,
            String requestId,
            Instant keepUntil) {
        public Row outcome(Outcome now, String request) {
            return new Row(tenant, session, application, protocol, address, known, now, request, keepUntil);
        }
    }

    /// As the assertion said it.
    ///
    /// @param sessionIndex only the service provider and we know it
    record Known(String sessionIndex, String nameId, String nameIdFormat, Optional<String> spNameQualifier) {
        public static final Known NOTHING = new Known("", "", "", Optional.empty());
    }

    /// Of one application, session and protocol only the newest is kept.
    void put(Row participant);

    /// In the order of the application ids.
    List<Row> of(TenantId tenant, SessionId session);

    /// Whom the request was sent to.
    ///
    /// @param requestId not empty
    Optional<Row> asked(TenantId tenant, String requestId);

    /// The session that a service provider of SAML calls so.
    ///
    /// @param sessionIndex not empty
    Optional<Row> indexed(TenantId tenant, AppId application, String sessionIndex);

    /// It left by itself.
    void forget(TenantId tenant, SessionId session, AppId application, Protocol protocol);

    int purge(Instant now);
}
