/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages are better with and do without: drafts of forms, rows added in place, a hint while an import runs. */
(function () {
  "use strict";
  function each(sel, root, fn) { Array.prototype.forEach.call(root.querySelectorAll(sel), fn); }

  /* Drafts: what was typed is kept in this browser until the form is sent. Personal fields are left out. */
  function draft(form) {
    var key = "draft:" + location.pathname;
    var fields = function () {
      return Array.prototype.filter.call(form.elements, function (f) {
        return f.name && f.name[0] !== "_" && f.type !== "file" && f.type !== "password" && !f.hasAttribute("data-personal");
      });
    };
    if (!form.hasAttribute("data-again")) {
      try {
        var old = JSON.parse(localStorage.getItem(key) || "null");
        if (old) fields().forEach(function (f) {
          if (!(f.name in old)) return;
          if (f.type === "radio" || f.type === "checkbox") f.checked = old[f.name].indexOf(f.value) >= 0;
          else if (!f.value) f.value = old[f.name][0];
        });
      } catch (e) { /* private mode */ }
    }
    form.addEventListener("input", function () {
      var now = {};
      fields().forEach(function (f) {
        if ((f.type === "radio" || f.type === "checkbox") && !f.checked) return;
        (now[f.name] = now[f.name] || []).push(f.value);
      });
      try { localStorage.setItem(key, JSON.stringify(now)); } catch (e) { /* full */ }
    });
    form.addEventListener("submit", function () {
      try { localStorage.removeItem(key); } catch (e) { /* none */ }
    });
  }

  /* One more child row: the template row is copied, its number raised. */
  function rows(button) {
    button.addEventListener("click", function (ev) {
      var body = document.getElementById(button.getAttribute("data-rows"));
      var last = body.querySelector("tr:last-child");
      if (!last) return;
      ev.preventDefault();
      var n = body.querySelectorAll("tr").length + 1, copy = last.cloneNode(true);
      each("button.pick, input.pick", copy, function (f) { f.remove(); });
      each("[id]", copy, function (f) { if (!f.name) { f.id = f.id.replace(/\.\d+\./, "." + n + "."); if (f.tagName === "P") f.textContent = ""; } });
      each("[name]", copy, function (f) {
        if (f.tagName === "BUTTON") { f.value = f.value.replace(/\.\d+\./, "." + n + "."); return; }
        f.name = f.name.replace(/\.\d+\./, "." + n + ".");
        if (f.id) f.id = f.id.replace(/\.\d+\./, "." + n + ".");
        if (f.type === "radio" || f.type === "checkbox") f.checked = false; else f.value = "";
      });
      body.appendChild(copy);
      each("input[data-when]", copy, calendar);
      var first = copy.querySelector("input,select");
      if (first) first.focus();
    });
  }

  function ask(url, then) {
    fetch(url, { credentials: "same-origin" }).then(function (r) { return r.ok ? r.json() : null; })
      .then(function (v) { if (v) then(v); }).catch(function () { /* the server says it when the form is sent */ });
  }

  /* Dates: what was typed is said in words beneath; a calendar beside it for those who would rather point. */
  function understood(input) {
    var told = document.getElementById("d." + input.id.slice(2));
    if (!told) return;
    if (!input.value.trim()) { told.textContent = ""; return; }
    ask("/understood?as=" + input.getAttribute("data-when") + "&t=" + encodeURIComponent(input.value), function (v) {
      told.textContent = v.means || v.wrong;
      told.className = v.means ? "help" : "wrong";
    });
  }
  function calendar(input) {
    var kind = { date: "date", month: "month", instant: "datetime-local" }[input.getAttribute("data-when")];
    var pick = document.createElement("input"), button = document.createElement("button");
    pick.type = kind;
    if (pick.type !== kind || !pick.showPicker) return;
    pick.className = "pick";
    pick.tabIndex = -1;
    pick.setAttribute("aria-hidden", "true");
    button.type = "button";
    button.className = "pick";
    button.textContent = document.documentElement.lang === "en" ? "Calendar" : "日历";
    button.addEventListener("click", function () { try { pick.showPicker(); } catch (e) { input.focus(); } });
    pick.addEventListener("change", function () {
      if (!pick.value) return;
      input.value = pick.value.replace("T", " ");
      input.dispatchEvent(new Event("input", { bubbles: true }));
      understood(input);
      input.focus();
    });
    input.parentNode.appendChild(button);
    input.parentNode.appendChild(pick);
  }
  each("input[data-when]", document, calendar);
  document.addEventListener("change", function (ev) {
    if (ev.target.matches && ev.target.matches("input[data-when]")) understood(ev.target);
  });

  /* A long list to choose from follows what is typed above it. */
  var asked = 0;
  document.addEventListener("input", function (ev) {
    var box = ev.target;
    if (!box.matches || !box.matches("input[data-find]")) return;
    var mine = ++asked, words = box.value.trim();
    setTimeout(function () {
      if (mine !== asked || !words) return;
      ask(box.getAttribute("data-find") + "?q=" + encodeURIComponent(words), function (found) {
        var list = document.getElementById("f." + box.name.slice(3)), kept = list.options[list.selectedIndex];
        if (mine !== asked) return;
        kept = kept && kept.value ? kept : null;
        while (list.options.length > 1) list.remove(1);
        found.forEach(function (o) { if (!kept || o.id !== kept.value) list.add(new Option(o.title, o.id)); });
        if (kept) list.add(kept);
        if (!kept && found.length === 1) list.selectedIndex = 1;
        var told = box.parentNode.nextElementSibling;
        if (told) told.textContent = found.length + (document.documentElement.lang === "en" ? " found" : " 条");
      });
    }, 200);
  });

  each("form[data-draft]", document, draft);
  each("button[data-rows]", document, rows);
  each("form[data-busy]", document, function (f) {
    f.addEventListener("submit", function () {
      /* After the form has been read: a disabled button is not sent. */
      setTimeout(function () {
        each("button", f, function (b) { b.disabled = true; });
        var p = document.createElement("p");
        p.setAttribute("role", "status");
        p.textContent = f.getAttribute("data-busy");
        f.appendChild(p);
      }, 0);
    });
  });
  /* Back again from the next page: what was disabled works. */
  window.addEventListener("pageshow", function (ev) {
    if (ev.persisted) each("form[data-busy] button", document, function (b) { b.disabled = false; });
  });
  each("button[data-print]", document, function (b) { b.addEventListener("click", function () { window.print(); }); });
  /* What was wrong is read first, by eye and by screen reader. */
  var wrong = document.querySelector("main .errors");
  if (wrong) { wrong.tabIndex = -1; wrong.focus(); }
  each("select[data-go]", document, function (s) {
    s.addEventListener("change", function () { s.form.submit(); });
  });
})();
