package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.domain.AppId;
import io.postern.domain.ConnectorId;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.ObjectId;
import io.postern.domain.PreAuthentication;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// Many callers at once: what may happen once happens once, and no change gets lost.
class ConcurrencyTest extends StoreContract {
    private static final int CALLERS = 12;

    @Test
    void oneOfManyClaimsSucceeds() throws Exception {
        String key = UUID.randomUUID().toString();

        List<Boolean> claims = together(i -> write(s -> s.once().claim("state", key, NOW)));

        assertEquals(1, claims.stream().filter(won -> won).count());
    }

    @Test
    void oneOfManyTakesTheEnrolmentToken() throws Exception {
        ConnectorGroup group = connectorGroup(tenant(), "Plant", false);
        String hash = "race-" + group.id();
        change(s -> s.enrollmentTokens()
                .insert(new EnrollmentTokenStore.Row(
                        group.tenant(), hash, group.id(), hash, NOW, "ada", NOW.plusSeconds(60), Optional.empty())));

        var taken = together(i -> write(s -> s.enrollmentTokens().take(hash, NOW, ConnectorId.random())));

        assertEquals(1, taken.stream().filter(Optional::isPresent).count());
    }

    @Test
    void oneOfManyRedeemsTheCode() throws Exception {
        String hash = UUID.randomUUID().toString();
        change(s -> s.authorizationCodes().insert(new AuthorizationCodeStore.Row(hash, "{}", NOW.plusSeconds(60))));

        var taken = together(i -> write(s -> s.authorizationCodes().take(hash, NOW)));

        assertEquals(1, taken.stream().filter(Optional::isPresent).count());
    }

    @Test
    void allSeeTheSecretThatWasPutFirst() throws Exception {
        String name = UUID.randomUUID().toString();

        var kept = together(i -> write(s -> s.secrets().putIfAbsent(name, "value " + i)));

        assertEquals(1, kept.stream().distinct().count());
    }

    @Test
    void readAndWriteInOneTransactionLosesNoCount() throws Exception {
        String name = UUID.randomUUID().toString();
        change(s -> s.secrets().put(name, "0"));

        together(i -> {
            for (int n = 0; n < 5; n++) {
                change(s -> s.secrets()
                        .put(
                                name,
                                Integer.toString(
                                        Integer.parseInt(s.secrets().find(name).orElseThrow()) + 1)));
            }
            return true;
        });

        assertEquals(
                Optional.of(Integer.toString(CALLERS * 5)),
                read(s -> s.secrets().find(name)));
    }

    @Test
    void oneOfManyGetsTheUserName() throws Exception {
        Tenant tenant = tenant();

        var created = together(i -> refusedOrDone(() -> user(tenant, i % 2 == 0 ? "Same" : "same")));

        assertEquals(1, created.stream().filter(done -> done).count());
        assertTrue(read(s -> s.users().count(tenant.id())) == 1);
    }

    @Test
    void oneOfManyTenantsGetsTheExternalHost() throws Exception { // PUB-10
        String host = UUID.randomUUID() + ".example";
        List<Tenant> tenants = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            tenants.add(tenant());
        }

        var published = together(i -> refusedOrDone(() -> {
            change(s -> s.applications().insert(application(tenants.get(i), "https://" + host + "/" + i + "/")));
            return true;
        }));

        assertEquals(1, published.stream().filter(done -> done).count());
    }

    @Test
    void eachBumpCounts() throws Exception {
        long before = store.version();

        together(i -> write(s -> {
            s.changes().bump();
            return true;
        }));

        assertTrue(store.version() == before + CALLERS);
    }

    private static boolean refusedOrDone(Callable<?> work) throws Exception {
        try {
            work.call();
            return true;
        } catch (DuplicateKey e) {
            return false;
        }
    }

    /// @throws ExecutionException when a caller fails in a way that its work does not expect
    private static <T> List<T> together(IntCallable<T> work) throws InterruptedException, ExecutionException {
        IntFunction<Callable<T>> call = i -> () -> work.call(i);
        var results = new ArrayList<T>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls =
                    java.util.stream.IntStream.range(0, CALLERS).mapToObj(call).toList();
            for (var future : threads.invokeAll(calls)) {
                results.add(future.get());
            }
        }
        return results;
    }

    private interface IntCallable<T> {
        T call(int i) throws Exception;
    }

    private static Application application(Tenant tenant, String url) {
        return new Application(
                tenant.id(),
                ObjectId.random(),
                AppId.random(),
                "App",
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.of(Publishing.of(
                        ExternalUrl.parse(url),
                        InternalUrl.parse("http://127.0.0.1:9000/"),
                        PreAuthentication.POSTERN)),
                Optional.empty(),
                false,
                false,
                NOW);
    }
}
