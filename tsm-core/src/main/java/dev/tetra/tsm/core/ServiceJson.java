package dev.tetra.tsm.core;

import dev.tetra.tsm.core.internal.MetaFile;
import dev.tetra.tsm.core.internal.events.EventJson;

/** Services and events as JSON text, for hosts that pass them on. */
public final class ServiceJson {
    private ServiceJson() {}

    /** One JSON object on one line: exactly what meta.json holds of the service. */
    public static String toJson(Service service) {
        return MetaFile.toJson(service).toString();
    }

    /** One JSON object on one line: exactly what events.jsonl holds of the event. */
    public static String toJson(ServiceEvent event) {
        return EventJson.toJson(event).toString();
    }
}
