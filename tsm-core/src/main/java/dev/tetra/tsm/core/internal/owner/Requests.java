package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.internal.JsonObject;
import dev.tetra.tsm.core.internal.MetaFile;
import dev.tetra.tsm.core.internal.wire.Wire;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What clients ask the owner for, by verb. */
final class Requests {
    private final Owner owner;

    Requests(Owner owner) {
        this.owner = owner;
    }

    /** The reply to a request; what goes wrong is part of it. */
    JsonObject answer(JsonObject request) {
        try {
            return carryOut(request);
        } catch (ServiceException refusal) {
            return Wire.error(refusal);
        } catch (IOException failed) {
            return Wire.failure(String.valueOf(failed.getMessage()));
        } catch (RuntimeException malformed) {
            return Wire.failure("the owner cannot serve this request: " + malformed.getMessage());
        }
    }

    private JsonObject carryOut(JsonObject request) throws IOException {
        List<Selector> selectors = Wire.readSelectors(request);
        Map<String, String> inherited = request.stringMap("environment");
        switch (request.text("verb")) {
            case "start":
                return ok().put(
                                "service",
                                MetaFile.toJson(owner.start(
                                        Wire.readSpec(specOf(request)),
                                        inherited,
                                        Wire.duration(request, "settle_ms"))));
            case "plan":
                return Wire.plan(owner.plan(Wire.readSpec(specOf(request)), inherited));
            case "stop":
                return changes(owner.stop(selectors, Wire.duration(request, "grace_ms")));
            case "kill":
                return changes(owner.kill(selectors));
            case "delete":
                return changes(owner.delete(selectors));
            case "restart":
                return changes(owner.restart(selectors, inherited, Wire.duration(request, "settle_ms")));
            case "list":
                return Wire.inventory(owner.list());
            default:
                throw new IOException("the owner knows no verb " + request.text("verb"));
        }
    }

    private static JsonObject specOf(JsonObject request) throws IOException {
        Optional<JsonObject> spec = request.object("spec");
        if (spec.isEmpty()) {
            throw new IOException("spec is missing");
        }
        return spec.get();
    }

    private static JsonObject changes(List<dev.tetra.tsm.core.Change> changes) {
        return ok().put("changes", Wire.changes(changes));
    }

    private static JsonObject ok() {
        return new JsonObject().put("ok", true);
    }
}
