package dev.tetra.tsm.core.internal.file;

import dev.tetra.tsm.core.Service;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceSpec;
import dev.tetra.tsm.core.internal.StartOrder;
import dev.tetra.tsm.core.internal.file.Node.Mark;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Who comes before whom in a file, with the places where it says so. <em>For one thread at a time while the file is read, then
 * immutable.</em>
 */
public final class OrderCheck {
    private final String file;
    private final List<Reference> references = new ArrayList<>();

    /** @param file what messages call the file */
    public OrderCheck(String file) {
        this.file = file;
    }

    private record Reference(String waiting, String first, Mark mark) {}

    /** Notes that a service of the file waits for that one. */
    void refer(String waiting, String first, Mark mark) {
        references.add(new Reference(waiting, first, mark));
    }

    /**
     * Refuses what nobody is called and circles, all at once.
     *
     * @param specs of the file
     * @param present the services of the runtime directory
     * @throws ServiceException {@code INVALID}: one sentence with file, line and column, the others as its details
     */
    public void check(List<ServiceSpec> specs, Collection<Service> present) {
        Problems problems = new Problems(file);
        addTo(problems, specs, List.of(), present);
        problems.throwAny();
    }

    /** @param unread names of services of the file of which there is no spec, as it is wrong */
    void addTo(Problems problems, List<ServiceSpec> specs, List<String> unread, Collection<Service> present) {
        for (StartOrder.Unknown unknown : StartOrder.unknown(specs, present)) {
            if (!unread.contains(unknown.name())) {
                problems.add(mark(unknown.service(), unknown.name()), unknown.sentence());
            }
        }
        Optional<StartOrder.Circle> circle = StartOrder.circle(specs, present);
        if (circle.isPresent()) {
            problems.add(mark(circle.get()), circle.get().sentence());
        }
    }

    private Mark mark(String waiting, String first) {
        for (Reference reference : references) {
            if (reference.waiting().equals(waiting) && reference.first().equals(first)) {
                return reference.mark();
            }
        }
        return Mark.NOWHERE;
    }

    /** Where one of the circle waits for the next; by another name, as with its port, where it waits for anything. */
    private Mark mark(StartOrder.Circle circle) {
        List<String> names = circle.services();
        for (int i = 0; i < names.size(); i++) {
            Mark mark = mark(names.get(i), names.get((i + 1) % names.size()));
            if (!mark.equals(Mark.NOWHERE)) {
                return mark;
            }
        }
        for (Reference reference : references) {
            if (names.contains(reference.waiting())) {
                return reference.mark();
            }
        }
        return Mark.NOWHERE;
    }
}
