package io.postern.gateway.admit;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.event.Cause;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ClientFacts;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The answers of this room that are no error pages.
final class Answers {
    private static final JsonMapper JSON = JsonMapper.shared();

    private Answers() {}

    static Answer redirect(String location, String outcome, String... cookies) {
        Http2Headers fields = new DefaultHttp2Headers()
                .set("location", location)
                .set("cache-control", "no-store")
                .set("referrer-policy", "no-referrer");
        for (String cookie : cookies) {
            fields.add("set-cookie", cookie);
        }
        return new Answer(302, fields, "", outcome, Optional.empty());
    }

    /// For scripts and programs: no redirect, which a browser would hide from them (PRE-3), but a hint
    /// where tokens come from.
    static Answer unauthorized(PublishedApplication application, ClientFacts client) {
        return unauthorized(
                application,
                client,
                "",
                Cause.SIGN_IN_REQUIRED,
                "Nobody is signed in, or the session has ended. Load a page of the application to sign in.");
    }

    /// RFC 6750 §3.1; never says which check failed.
    static Answer invalidToken(PublishedApplication application, ClientFacts client) {
        String text = "The access token is expired, revoked, malformed or not meant for this application.";
        return unauthorized(
                application,
                client,
                ", error=\"invalid_token\", error_description=\"" + text + "\"",
                Cause.INVALID_TOKEN,
                text);
    }

    private static Answer unauthorized(
            PublishedApplication application, ClientFacts client, String error, Cause cause, String message) {
        String challenge = "Bearer realm=\"" + application.externalUrl().at(client.publicPort())
                + "\", authorization_uri=\""
                + LoginUrls.of(application, client).authorize() + "\", client_id=\"" + application.appId() + '"'
                + error;
        var json = JSON.createObjectNode();
        json.putObject("error")
                .put("code", cause.reason())
                .put("message", message)
                .put("exchange", client.exchangeId())
                .put("time", client.now().toString());
        Http2Headers fields = new DefaultHttp2Headers()
                .set("www-authenticate", challenge)
                .set("content-type", "application/json")
                .set("cache-control", "no-store")
                .set("x-content-type-options", "nosniff");
        return new Answer(401, fields, JSON.writeValueAsString(json), "unauthorized", Optional.of(cause));
    }
}
