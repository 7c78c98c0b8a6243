/*
 * Small helps on top of pages that work without them. One listener a kind of event on the document, so that parts swapped in by
 * htmx are served too and nothing has to be set up again. Every word shown comes from the page (data attributes): no language here.
 *
 *   data-confirm            asks before a form is sent (on the form or its button)
 *   data-key="j"            a key for a link, button or field; "?" lists them
 *   data-select-all         ticks every box of its form; data-bulk-count, data-bulk-action follow
 *   data-unsaved            on a form: warns before unsaved text is left behind
 *   data-autosave           on a form: what is typed is kept on the server every few seconds, without sending the form
 *   data-download           on a form that answers with a file: the page stays, so it may be sent again
 *   data-count-for          characters used of a field
 *   data-open-dialog        opens a <dialog> by id
 *   data-focus-first        takes the focus when the page opens
 *   data-announce="…"       on a swapped part: read out by screen readers
 */
"use strict";

(() => {
  const KEYS_OFF = "portal-keys-off";
  const live = document.getElementById("cp-live");
  const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);

  // The words of a button as they stand on the page, without the <kbd> that repeats its key.
  const wordsOf = (element) => {
    const copy = element.cloneNode(true);
    each("kbd", (hint) => hint.remove(), copy);
    return copy.textContent.trim();
  };

  const announce = (text) => {
    if (!live || !text) return;
    live.textContent = "";
    // A change in the same task as the emptying is not read out.
    setTimeout(() => (live.textContent = text), 50);
  };

  /* Confirmation -------------------------------------------------------------------------------------------------- */

  const confirmed = new WeakSet();

  const ask = (form, submitter, source) => {
    const dialog = document.getElementById("cp-confirm");
    const title = dialog.querySelector("#cp-confirm-title");
    const yes = dialog.querySelector("[data-confirm-yes]");
    title.textContent = source.dataset.confirmTitle || title.dataset.default;
    dialog.querySelector("#cp-confirm-text").textContent = source.dataset.confirm;
    yes.textContent = source.dataset.confirmLabel || (submitter && wordsOf(submitter)) || yes.dataset.default;
    yes.classList.toggle("danger", "confirmDanger" in source.dataset || submitter?.classList.contains("danger") === true);
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue !== "yes") {
        submitter?.focus();
        return;
      }
      confirmed.add(form);
      form.requestSubmit(submitter);
    };
    dialog.showModal();
  };

  /* Sending: once ------------------------------------------------------------------------------------------------- */

  // Capture, so that the question comes before htmx sees the event.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.method === "dialog") return;
      const source = event.submitter?.dataset.confirm ? event.submitter : form.dataset.confirm ? form : null;
      if (source && !confirmed.has(form)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        ask(form, event.submitter, source);
        return;
      }
      confirmed.delete(form);
      if (form.method !== "post" || "download" in form.dataset) return;
      if (form.dataset.sending) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      form.dataset.sending = "yes";
      delete form.dataset.changed;
      stopAutosave(form);
      // aria-disabled and not disabled: a disabled button would not be sent with its form.
      each("button[type=submit], button:not([type])", (button) => button.setAttribute("aria-disabled", "true"), form);
      announce(live?.dataset.sending);
    },
    true,
  );

  const release = (root) => {
    const forms = root.matches?.("form") ? [root] : root.querySelectorAll("form[data-sending]");
    forms.forEach((form) => {
      delete form.dataset.sending;
      each("[aria-disabled]", (button) => button.removeAttribute("aria-disabled"), form);
    });
  };
  // Coming back with the browser's back button shows the page as it was left: buttons must work again.
  window.addEventListener("pageshow", (event) => event.persisted && release(document));

  /* Unsaved text -------------------------------------------------------------------------------------------------- */

  document.addEventListener("input", (event) => {
    const field = event.target;
    const form = field.form;
    if (form && "unsaved" in form.dataset) form.dataset.changed = "yes";
    if (form && "autosave" in form.dataset) autosaveSoon(form);
    if (field.id) showCount(field);
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed]")) event.preventDefault();
  });

  /* Autosave ------------------------------------------------------------------------------------------------------ */

  const AUTOSAVE_PAUSE = 2000;
  const KEEPALIVE_LIMIT = 60000; // browsers refuse longer texts on their way out
  const autosaves = new WeakMap(); // form → what is under way for it: timer, request

  // As the browser would send it, without files, passwords and the token.
  const typedFields = (form) => {
    const secret = new Set([...form.querySelectorAll("input[type=password]")].map((field) => field.name));
    const fields = new URLSearchParams();
    new FormData(form).forEach((value, name) => {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken" && !secret.has(name)) fields.append(name, value);
    });
    return fields.toString();
  };

  const showAutosave = (form, text) => {
    let line = form.querySelector("[data-autosave-line]");
    if (!line) {
      line = document.createElement("p");
      line.className = "cp-autosave";
      line.dataset.autosaveLine = "";
      line.setAttribute("role", "status");
      (form.querySelector(".cp-form__buttons") ?? form).append(line);
    }
    line.textContent = text;
  };

  const stopAutosave = (form) => {
    const current = autosaves.get(form);
    if (!current) return;
    clearTimeout(current.timer);
    current.request?.abort(); // kept after the form was saved, it would come back as unsaved
    autosaves.delete(form);
  };

  const autosave = (form, leaving = false) => {
    const current = autosaves.get(form);
    if (!current?.timer || !live?.dataset.autosaveUrl) return;
    clearTimeout(current.timer);
    const body = new URLSearchParams({
      csrfmiddlewaretoken: form.elements.namedItem("csrfmiddlewaretoken").value,
      path: new URL(form.getAttribute("action") || location.href, location.href).pathname,
      body: typedFields(form),
    });
    const request = new AbortController();
    autosaves.set(form, { request });
    fetch(live.dataset.autosaveUrl, {
      method: "POST",
      body,
      redirect: "manual", // to the sign-in: nothing was kept
      keepalive: leaving && body.toString().length < KEEPALIVE_LIMIT,
      signal: request.signal,
    })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
      .then((kept) => {
        if (autosaves.get(form)?.timer === undefined) delete form.dataset.changed; // nothing typed since: nothing to lose
        showAutosave(form, live.dataset.autosaved.replace("__TIME__", kept.saved_at));
      })
      .catch(() => request.signal.aborted || showAutosave(form, live.dataset.autosaveFailed));
  };

  const autosaveSoon = (form) => {
    const current = autosaves.get(form);
    clearTimeout(current?.timer);
    autosaves.set(form, { request: current?.request, timer: setTimeout(() => autosave(form), AUTOSAVE_PAUSE) });
  };

  window.addEventListener("pagehide", () => each("form[data-autosave]", (form) => autosave(form, true)));

  /* Characters used ------------------------------------------------------------------------------------------------ */

  const showCount = (field) => {
    const count = document.querySelector(`[data-count-for="${CSS.escape(field.id)}"]`);
    if (!count) return;
    // The server counts a line break as two characters and an emoji as one.
    const used = [...field.value.replace(/\n/g, "\r\n")].length;
    count.textContent = count.dataset.countText.replace("__USED__", used);
    count.classList.toggle("cp-count--over", used > Number(count.dataset.countMax));
  };

  /* Bulk tables ---------------------------------------------------------------------------------------------------- */

  const boxesOf = (form) => [...form.querySelectorAll(".cp-check--bare input[type=checkbox][name]:not(:disabled)")];

  const showSelection = (form) => {
    const boxes = boxesOf(form);
    const count = boxes.filter((box) => box.checked).length;
    each("[data-select-all]", (all) => {
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }, form);
    each("[data-bulk-count]", (place) => {
      place.dataset.empty ??= place.textContent;
      place.textContent = count ? live.dataset.selected.replace("__COUNT__", count) : place.dataset.empty;
    }, form);
  };

  let lastBox = null;
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
    const form = box.closest("form[data-bulk]");
    if (!form) return;
    if ("selectAll" in box.dataset) {
      boxesOf(form).forEach((other) => (other.checked = box.checked));
    } else if (event.shiftKey && lastBox && form.contains(lastBox)) {
      const boxes = boxesOf(form);
      const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b);
      boxes.slice(from, to + 1).forEach((other) => (other.checked = box.checked));
    }
    lastBox = box;
    showSelection(form);
  });

  /* Keys ----------------------------------------------------------------------------------------------------------- */

  const keysOff = () => {
    try {
      return localStorage.getItem(KEYS_OFF) === "yes";
    } catch {
      return false; // storage refused by the browser's settings
    }
  };
  const visible = (element) => element.getClientRects().length > 0;
  const typing = (element) =>
    element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

  const openKeys = () => {
    const dialog = document.getElementById("cp-shortcuts");
    const list = dialog.querySelector("[data-key-list]");
    list.replaceChildren();
    const add = (key, label) => {
      const term = document.createElement("dt");
      const meaning = document.createElement("dd");
      term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
      meaning.textContent = label;
      list.append(term, meaning);
    };
    const seen = new Set();
    each("[data-key]", (element) => {
      if (seen.has(element.dataset.key) || !visible(element)) return;
      seen.add(element.dataset.key);
      const named = element.labels?.[0]?.textContent;
      add(element.dataset.key, element.dataset.keyLabel || element.getAttribute("aria-label") || named || wordsOf(element));
    });
    add("?", list.dataset.keyHelp);
    dialog.querySelector("[data-key-switch]").checked = !keysOff();
    dialog.showModal();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      each("details[data-menu][open]", (menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
      return;
    }
    // isComposing: half a Korean syllable is not a shortcut. Code and not key, so that the Korean keyboard mode works too.
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (typing(event.target) || document.querySelector("dialog[open]") || keysOff()) return;
    if (event.key === "?") {
      event.preventDefault();
      openKeys();
      return;
    }
    const key = /^(Key|Digit)(.)$/.exec(event.code)?.[2].toLowerCase() ?? event.key;
    const target = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(visible);
    if (!target || event.shiftKey) return;
    event.preventDefault();
    target.focus();
    if (!typing(target)) target.click();
  });

  document.addEventListener("change", (event) => {
    if (!("keySwitch" in event.target.dataset)) return;
    try {
      localStorage.setItem(KEYS_OFF, event.target.checked ? "no" : "yes");
    } catch {
      // Without storage the choice lasts no longer than this page, and keys stay on.
    }
  });

  /* Menus and dialogs ----------------------------------------------------------------------------------------------- */

  document.addEventListener("click", (event) => {
    each("details[data-menu][open]", (menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    const opener = event.target.closest?.("[data-open-dialog]");
    if (!opener) return;
    if (opener.dataset.openDialog === "cp-shortcuts") openKeys();
    else document.getElementById(opener.dataset.openDialog)?.showModal();
  });

  /* htmx ------------------------------------------------------------------------------------------------------------ */

  document.addEventListener("htmx:afterRequest", (event) => release(event.target));
  document.addEventListener("htmx:afterSwap", (event) => {
    const part = event.target;
    announce(part.dataset?.announce ?? part.querySelector?.("[data-announce]")?.dataset.announce);
    prepare(part);
  });
  document.addEventListener("htmx:responseError", () => announce(live?.dataset.failed));
  document.addEventListener("htmx:sendError", () => announce(live?.dataset.offline));

  /* Start ----------------------------------------------------------------------------------------------------------- */

  const prepare = (root) => {
    each("[data-count-for]", (count) => {
      const field = document.getElementById(count.dataset.countFor);
      if (field) showCount(field);
    }, root);
    each("form[data-bulk]", showSelection, root);
    root.querySelector("[data-focus-first]")?.focus();
  };
  const hasKeys = document.querySelector("[data-key]") !== null;
  each("[data-open-dialog][hidden]", (button) => (button.hidden = button.dataset.openDialog === "cp-shortcuts" && !hasKeys));
  prepare(document);
  document.querySelector(".cp-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
})();
