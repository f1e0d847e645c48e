package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.admin.logging.Trusted;
import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.fixtures.FakeClock;
import io.postern.fixtures.Pem;
import io.postern.fixtures.TestCertificates;
import io.postern.store.Group;
import io.postern.store.GroupStore;
import io.postern.store.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// A service that provisions to a peer, by a clock that tests move.
final class OutboundSite implements AutoCloseable {
    final FakeClock clock = new FakeClock(Instant.now());
    final OutboundPeer peer;
    final Installation service;
    String application = "";
    String job = "";

    OutboundSite(Path folder) throws IOException {
        TestCertificates authority = TestCertificates.authority("peers");
        Path pem = folder.resolve("authority.pem");
        Files.writeString(pem, Pem.of(List.of(authority.authority())));
        peer = new OutboundPeer(folder.resolve("peer"), authority.server("127.0.0.1"));
        var outside = new OutsideSettings(
                Optional.empty(), Optional.empty(), true, Optional.empty(), Trusted.context(Optional.of(pem)));
        service = new Installation(Files.createDirectories(folder.resolve("service")), clock, outside);
    }

    /// As at the beginning: one application that nobody is assigned to, and nobody of the last test on either side.
    OutboundSite anew() {
        if (!application.isEmpty()) {
            assertEquals(204, service.delete(application).status());
        }
        forget(service);
        forget(peer.application);
        peer.script.clear();
        peer.calls.clear();
        application = service.application("Desk");
        job = application + "/synchronization";
        return this;
    }

    private void forget(Installation of) {
        TenantId tenant = of.tenant.id();
        of.store.write(stores -> {
            for (User user : stores.users().list(tenant, "", 1_000)) {
                if (!user.id().equals(of.administrator.id()) && !user.id().equals(of.user.id())) {
                    stores.users().delete(tenant, user.id());
                }
            }
            for (Group group : stores.groups().list(tenant, GroupStore.Position.START, 1_000)) {
                stores.groups().delete(tenant, group.id());
            }
            stores.notices().purge(clock.instant().plusSeconds(1));
            return stores.outbound().purgeLog(clock.instant().plusSeconds(1));
        });
    }

    /// Set, with the right token, and started.
    OutboundSite running(String more) {
        ok(service.api("PUT", job, settings(more)));
        ok(service.post(job + "/start", "{}"));
        return this;
    }

    String settings(String more) {
        return "{\"targetUrl\":\"" + peer.url() + "\",\"secret\":\"" + peer.scim.token() + "\"" + more + "}";
    }

    int work() {
        return service.administration.couriers().work();
    }

    int workAfter(Duration time) {
        clock.advance(time);
        return work();
    }

    User assigned(String localPart, String name) {
        User user = service.someone(localPart, name);
        assign(user.id().value());
        return user;
    }

    void assign(String principal) {
        Installation.Response done =
                service.post(application + "/appRoleAssignedTo", "{\"principalId\":\"" + principal + "\"}");
        assertEquals(201, done.status(), done.raw().body());
    }

    void unassign(String principal) {
        for (JsonNode one :
                service.get(application + "/appRoleAssignedTo").json().path("value")) {
            if (one.path("principalId").asString("").equals(principal)) {
                assertEquals(
                        204,
                        service.delete(application + "/appRoleAssignedTo/"
                                        + one.path("id").asString(""))
                                .status());
            }
        }
    }

    String group(String name, User... members) {
        Installation.Response made = service.post(
                "/groups",
                "{\"displayName\":\"" + name + "\",\"mailEnabled\":false,\"mailNickname\":\"g\","
                        + "\"securityEnabled\":true}");
        assertEquals(201, made.status(), made.raw().body());
        String id = made.text("/id");
        List.of(members).forEach(member -> join(id, member));
        return id;
    }

    void join(String group, User member) {
        service.store.write(stores -> stores.groups().addMember(service.tenant.id(), new GroupId(group), member.id()));
    }

    void change(User user, String json) {
        Installation.Response done = service.patch("/users/" + user.id(), json);
        assertEquals(204, done.status(), done.raw().body());
    }

    JsonNode status() {
        return ok(service.get(job)).json().path("status");
    }

    List<JsonNode> log() {
        return StreamSupport.stream(
                        ok(service.get("/auditLogs/provisioning"))
                                .json()
                                .path("value")
                                .spliterator(),
                        false)
                .toList();
    }

    static Installation.Response ok(Installation.Response response) {
        assertEquals(200, response.status(), response.raw().body());
        return response;
    }

    @Override
    public void close() {
        service.close();
        peer.close();
    }
}
