// Keys of the review queue: without this script its forms work as well.
"use strict";
const pages = [...document.querySelectorAll(".waiting")];
let current = -1;

function show(number, scrolls = true) {
    if (number < 0 || number >= pages.length) return;
    pages[current]?.removeAttribute("aria-current");
    current = number;
    pages[current].setAttribute("aria-current", "true");
    pages[current].focus({ preventScroll: true });
    if (scrolls) pages[current].scrollIntoView({ block: "start" });
}

function next() {
    const following = pages.findIndex((page, number) => number > current && !page.dataset.decided);
    show(following < 0 ? current : following);
}

async function decide(page, choice) {
    if (page.dataset.decided) return;
    page.dataset.decided = choice;
    const form = page.querySelector("form"), said = form.querySelector("output");
    const body = new URLSearchParams(new FormData(form));
    body.set("choice", choice);
    said.textContent = `${choice} …`;
    next();
    let answer = {};
    try {
        answer = await (await fetch("/review", { method: "POST", body, headers: { Accept: "application/json" } })).json();
    } catch {
        answer.error = "scrapy browse does not answer.";
    }
    said.textContent = answer.said ?? `Not decided: ${answer.error}`;
    if (!answer.said) delete page.dataset.decided;
}

for (const page of pages) {
    page.querySelector("form").addEventListener("submit", (event) => {
        event.preventDefault();
        current = pages.indexOf(page);
        decide(page, event.submitter?.value === "reject" ? "reject" : "accept");
    });
    // Enter in a field would accept: the first button of a form is its default.
    page.querySelector("form").addEventListener("keydown", (event) => {
        if (event.target.matches("input") && ["Enter", "Escape"].includes(event.key)) {
            event.preventDefault();
            page.focus();
        }
    });
}

document.addEventListener("change", (event) => {
    if (event.target.matches(".who")) {
        for (const field of document.querySelectorAll(".who")) field.value = event.target.value;
    }
});

document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = pages[current];
    const action = {
        j: () => show(current + 1),
        k: () => show(current - 1),
        a: () => page && decide(page, "accept"),
        r: () => page && decide(page, "reject"),
        n: () => page?.querySelector("[name=note]").focus(),
        o: () => page && location.assign(page.querySelector(".open").href),
    }[event.key];
    if (action) {
        event.preventDefault();
        action();
    }
});

show(0, false);
