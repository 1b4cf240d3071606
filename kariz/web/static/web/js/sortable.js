/* SortableJS, fetched by the first page that drags. */
let library;

/** The library's constructor. */
export const sortable = async () => {
  library ??= import(document.querySelector("meta[name=sortable-url]").content);
  await library;
  return window.Sortable;
};
