package io.postern.tunnel.accept;

import io.netty.channel.EventLoop;
import io.postern.tunnel.Tunnel;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Chooses a connector for a request, by lot: lots are dealt by load, so that a slow or busy connector gets
/// few and one that is no better than the others no flood (HA-1; the decision record has the reasons).
/// One object per choice, on the stack of one thread.
final class Spread {
    /// A slower one is not thought slower still: it must get requests to show that it is well again.
    private static final double SLOWNESS_MAX = 16;

    private final String backendId;
    private final EventLoop preferred;
    private final List<Pick> tried;
    private final long nowNanos = System.nanoTime();

    Spread(String backendId, EventLoop preferred, List<Pick> tried) {
        this.backendId = backendId;
        this.preferred = preferred;
        this.tried = tried;
    }

    @Nullable
    Pick among(ConnectorProcess[] connectors) {
        if (connectors.length == 1) {
            Tunnel only = tunnel(connectors[0]);
            return only == null ? null : new Pick(connectors[0], connectors[0].standing(backendId), only, nowNanos);
        }
        long quickest = quickest(connectors);
        double good = 0;
        double poor = 0;
        ConnectorProcess chosen = null;
        Tunnel tunnel = null;
        boolean chosenIsGood = false;
        for (ConnectorProcess connector : connectors) {
            Tunnel candidate = tunnel(connector);
            if (candidate == null) {
                continue;
            }
            Standing standing = connector.standing(backendId);
            double weight = connector.weight(standing, slowness(standing, quickest), nowNanos);
            boolean isGood = !ConnectorProcess.isPoor(candidate, standing, nowNanos) && !wasTried(connector);
            if (!isGood && chosenIsGood) {
                continue;
            }
            double all = isGood ? (good += weight) : (poor += weight);
            // each in turn replaces the one before with its own share of all so far: a fair lot in one pass
            if ((isGood && !chosenIsGood) || ThreadLocalRandom.current().nextDouble() * all < weight) {
                chosen = connector;
                tunnel = candidate;
                chosenIsGood = isGood;
            }
        }
        return chosen == null || tunnel == null ? null : new Pick(chosen, chosen.standing(backendId), tunnel, nowNanos);
    }

    /// Null where it has none to offer, or has refused this request already.
    private @Nullable Tunnel tunnel(ConnectorProcess connector) {
        for (int i = 0; i < tried.size(); i++) {
            if (tried.get(i).connector() == connector && tried.get(i).isRefusedByConnector()) {
                return null;
            }
        }
        return connector.tunnel(backendId, preferred, tried);
    }

    private boolean wasTried(ConnectorProcess connector) {
        for (int i = 0; i < tried.size(); i++) {
            if (tried.get(i).connector() == connector) {
                return true;
            }
        }
        return false;
    }

    /// 0 where nobody has answered lately.
    private long quickest(ConnectorProcess[] connectors) {
        long quickest = 0;
        for (ConnectorProcess connector : connectors) {
            long mean = connector.standing(backendId).meanNanos(nowNanos);
            if (mean > 0 && (quickest == 0 || mean < quickest)) {
                quickest = mean;
            }
        }
        return quickest;
    }

    private double slowness(Standing standing, long quickest) {
        long mean = standing.meanNanos(nowNanos);
        return mean == 0 || quickest == 0 ? 1 : Math.min(SLOWNESS_MAX, (double) mean / quickest);
    }
}
