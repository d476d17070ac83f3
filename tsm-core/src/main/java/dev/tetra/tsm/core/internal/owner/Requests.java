package dev.tetra.tsm.core.internal.owner;

import dev.tetra.tsm.core.Selector;
import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.UnixSignal;
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
        } catch (StackOverflowError | OutOfMemoryError tooLarge) {
            return Wire.failure("the owner cannot serve this request, it is too large: " + tooLarge);
        }
    }

    private JsonObject carryOut(JsonObject request) throws IOException {
        List<Selector> selectors = Wire.readSelectors(request);
        Map<String, String> inherited = request.stringMap("environment");
        return switch (request.text("verb")) {
            case "start" -> started(request, inherited);
            case "plan" -> Wire.plan(owner.plan(Wire.readSpec(specOf(request)), inherited));
            case "stop" ->
                changes(
                        request.number("grace_ms").isPresent()
                                ? owner.stop(selectors, Wire.duration(request, "grace_ms"))
                                : owner.stop(selectors));
            case "apply" -> changes(owner.apply(Wire.readSpecs(request), inherited, Wire.readWait(request)));
            case "signal" -> changes(owner.signal(selectors, new UnixSignal(request.count("signal", 0))));
            case "reload" -> changes(owner.reload(selectors));
            case "kill" -> changes(owner.kill(selectors));
            case "delete" -> changes(owner.delete(selectors));
            case "restart" -> changes(owner.restart(selectors, inherited, Wire.readWait(request)));
            case "list" -> Wire.inventory(owner.list());
            case "metrics" -> ok().put("text", owner.metrics());
            default -> throw new IOException("the owner knows no verb " + request.text("verb"));
        };
    }

    private JsonObject started(JsonObject request, Map<String, String> inherited) throws IOException {
        Service service = owner.start(Wire.readSpec(specOf(request)), inherited, Wire.readWait(request));
        return ok().put("service", MetaFile.toJson(service));
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
