package dev.tetra.examples;

import dev.tetra.examples.args.Arguments;
import dev.tetra.examples.args.Option;
import dev.tetra.examples.args.UsageException;
import dev.tetra.examples.text.Words;
import dev.tetra.tsm.core.Service;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code tsm logs clean}: empties logs, whether or not their services run. */
final class LogsClean {
    private static final List<Option> OTHERS = List.of(Verbs.FOLLOW, Verbs.LINES, Verbs.SINCE, Verbs.OUT, Verbs.ERR);

    private LogsClean() {}

    static int run(Arguments arguments, Console console) throws IOException {
        for (Option option : OTHERS) {
            if (arguments.has(option)) {
                throw new UsageException("tsm logs clean takes no " + option.key()
                        + "; the logs of a service that is called clean are shown by --id, --pid or --port");
            }
        }
        Arguments rest = new Arguments(
                arguments.options(),
                arguments.words().subList(1, arguments.words().size()));
        List<Service> services = console.directory().read().select(Selections.of("logs clean", rest));
        List<String> elements = new ArrayList<>();
        long all = 0;
        for (Service service : services) {
            long freed = console.directory().logs(service).clean();
            all += freed;
            elements.add(json(service.name(), freed));
        }
        if (arguments.has(Verbs.JSON)) {
            console.out().line(Json.array(elements));
        } else if (services.isEmpty()) {
            console.out().line("there are no services");
        } else {
            String whose = services.size() == 1 ? services.get(0).name() : services.size() + " services";
            console.out().line("emptied the logs of " + whose + "; freed " + Words.bytes(all));
        }
        return Failure.OK;
    }

    private static String json(String service, long freed) {
        return Json.text(json -> {
            json.writeStartObject();
            json.writeStringField("service", service);
            json.writeNumberField("freed_bytes", freed);
            json.writeEndObject();
        });
    }
}
